using System.Text.RegularExpressions;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Demo;

/// <summary>The demo as a newcomer meets it: what it prints is run as printed.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_printed_lines_send_a_message_and_read_it_back_with_its_Received_line_and_Ctrl_C_ends_it()
    {
        using var folder = new TemporaryFolder();
        var ports = Ports.NextBase(90, 465, 993, 995);
        var (command, arguments) = GatewayBinary.NewcomersCommand("demo", "--data", folder.PathOf("demo"), "--port-base", $"{ports}");
        await using var demo = await Daemon.StartAsync(command, arguments, folder.Path);
        try
        {
            await Eventually.TrueAsync("the printed lines", () => demo.HasExited || PrintedCommands(demo, "openssl s_client").Length > 0);
            var curls = PrintedCommands(demo, "curl");
            Assert.True(curls.Length >= 2, "At least one line to send and one to read.");
            var outputs = new List<string>();
            foreach (var curl in curls)
            {
                outputs.Add((await Command.RunAsync("bash", ["-c", curl])).Succeeded().Output);
            }

            Assert.Contains(
                outputs, text => Regex.IsMatch(text, @"Received: from .*with ESMTPSA id .*\btls TLS_[A-Z0-9_]+", RegexOptions.Singleline));
            foreach (var openssl in PrintedCommands(demo, "openssl s_client"))
            {
                Assert.Contains("Verify return code: 0 (ok)", (await Command.RunAsync("bash", ["-c", openssl])).Text, StringComparison.Ordinal);
            }

            demo.SignalGroup(UnixSignal.Interrupt);
            Assert.Equal(0, await demo.ExitAsync());
        }
        finally
        {
            output.WriteLine(string.Join('\n', demo.Lines));
        }
    }

    /// <summary>Commands as pasted from the screen: a line that ends with a backslash goes on in the next.</summary>
    private static string[] PrintedCommands(Daemon demo, string program) =>
        [.. string.Join('\n', demo.Lines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim().TrimStart('$').Trim())
            .Where(line => Regex.IsMatch(line, $@"^(printf .*\| *)?{Regex.Escape(program)} "))];
}
