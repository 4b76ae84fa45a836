using System.Text;
using Spectre.Console;
using TlsFront.Admin;
using TlsFront.Cli;

namespace TlsFront.Tests.Cli;

public sealed class StatusViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void On_a_terminal_of_80_columns_names_addresses_and_numbers_are_whole()
    {
        var lines = Render(width: 80);
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= 80, line));
        foreach (
            var whole in (string[])["submissions", "203.0.113.250:465", "[::]:993", "dovecot-imap", "203.0.113.111:10143", "unhealthy", "12345678"])
        {
            Assert.Contains(lines, line => line.Contains(whole, StringComparison.Ordinal));
        }

        Assert.Contains("dovecot-imap 203.0.113.112:10143 is unhealthy: connection refused", lines.Select(static line => line.TrimEnd()));
    }

    [Fact]
    public void One_of_a_thing_is_one() => Assert.Contains(
        Render(width: 200),
        line =>
            line.Contains("1 of 1000 connections, 1 session", StringComparison.Ordinal) && !line.Contains("1 sessions", StringComparison.Ordinal));

    private static string[] Render(int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new Terminal(writer, width) });
        console.Write(new StatusView(console).Status(Status()));
        return writer.ToString().Split('\n');
    }

    private static GatewayStatus Status() => new(
        "1.0.0", "mail.example.com", "native", Now, Now.AddHours(-1), "ready", Connections: 1, Sessions: 1,
        [
            new ListenerStatus("submissions", "203.0.113.250:465", "smtp", "implicit", "postfix", 1, 12345678),
            new ListenerStatus("imaps", "[::]:993", "imap", "starttls", "dovecot-imap", 0, 0),
        ],
        [
            new BackendStatus("dovecot-imap", "dovecot", 0,
            [
                new DestinationStatus("203.0.113.111:10143", "healthy", null, 1, false, null, new ProbeStatus(Now.AddSeconds(-12), "good", null, 3)),
                new DestinationStatus(
                    "203.0.113.112:10143", "unhealthy", "connection refused", 0, false, null,
                    new ProbeStatus(Now.AddSeconds(-12), "refused", "connection refused", 1)),
            ]),
        ],
        [
            new CertificateStatus(
                "/etc/tlsfront/certificates/mail.example.com", ["mail.example.com", "imap.example.com", "smtp.example.com"], Now.AddDays(60), 60),
        ],
        new LimitStatus(1000),
        Configuration: null);

    /// <summary>A terminal of so many columns.</summary>
    private sealed class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
