using System.CommandLine;
using System.Text.Json;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Cli;

/// <summary><c>check-config --clients</c>.</summary>
public sealed class ClientsOptionTests : IDisposable
{
    private readonly SettingsFolder _folder = new("""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        engine: managed
        listeners:
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot }
          - { name: imap, address: "*:143", protocol: imap, security: starttls, backend: dovecot }
          - name: strict
            address: "*:994"
            protocol: imap
            backend: dovecot
            tls: { profile: modern }
            routes: [ { names: [old.example.com], backend: dovecot, tls: { profile: intermediate } } ]
        backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] } ]
        """);

    public ClientsOptionTests()
    {
        var certificate = TestAuthority.Shared.Ecdsa("mail.example.com", "old.example.com");
        File.WriteAllText(_folder.At("certificate.pem"), certificate.FullChain + certificate.Key);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Listeners_that_give_the_same_are_told_of_once_and_the_refused_come_first()
    {
        var (exitCode, output, error) = await RunAsync("--clients");

        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n');
        var (first, second) = (Array.IndexOf(lines, "clients on imaps, imap"), Array.IndexOf(lines, "clients on strict"));
        var third = Array.IndexOf(lines, "clients on strict that ask for old.example.com");
        Assert.True(first >= 0 && first < second && second < third, output);
        Assert.Matches("^  [^ ].* refused: client offers at most TLS 1.0; minimum is TLS 1.2$", lines[first + 1]);
        Assert.Contains(
            lines[first..second], static line => line.EndsWith("  TLS 1.3, TLS_AES_256_GCM_SHA384, x25519, ECDSA", StringComparison.Ordinal));
        Assert.Equal("  25 are served, 14 refused", lines[second - 1]);
        Assert.Contains(
            lines[second..third],
            static line => line.EndsWith("refused: client offers at most TLS 1.2; minimum is TLS 1.3", StringComparison.Ordinal));

        // Without a server name it is not this route's client.
        Assert.DoesNotContain(lines[third..], static line => line.Contains("without a server name", StringComparison.Ordinal));
        Assert.EndsWith("valid, 0 errors, 0 warnings\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_it_nobody_is_told_of()
    {
        Assert.DoesNotContain("clients on", (await RunAsync()).Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse((await RunAsync("--json")).Output);
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("clients").ValueKind);
    }

    [Fact]
    public async Task Files_of_a_folder_come_behind_those_of_the_program()
    {
        Directory.CreateDirectory(_folder.At("hellos"));
        var octets = Convert.ToHexString(new HelloBuilder { LegacyVersion = 0x0301, Suites = [5] }.Record());
        await File.WriteAllTextAsync(_folder.At("hellos/a.hello"), $"client: Ours\nrecorded: 2026-12-01\nsource: made up\n\n{octets}\n");

        var (exitCode, output, _) = await RunAsync("--json", "--clients", _folder.At("hellos"));

        Assert.Equal(0, exitCode);
        using var report = JsonDocument.Parse(output);
        var ours = report.RootElement.GetProperty("clients").EnumerateArray().Last();
        Assert.Equal(("Ours", "2026-12-01"), (ours.GetProperty("client").GetString(), ours.GetProperty("recorded").GetString()));
        var outcome = ours.GetProperty("outcomes")[0];
        Assert.Equal(("imaps", false), (outcome.GetProperty("listener").GetString(), outcome.GetProperty("accepted").GetBoolean()));
        Assert.Equal("client offers at most TLS 1.0; minimum is TLS 1.2", outcome.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_named_and_nothing_else_is_said()
    {
        Directory.CreateDirectory(_folder.At("hellos"));
        await File.WriteAllTextAsync(_folder.At("hellos/a.hello"), "client: Ours\nfirmware: 1\n");

        var (exitCode, output, error) = await RunAsync("--clients", _folder.At("hellos"));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"{_folder.At("hellos/a.hello")}:2  error    \"firmware\" is not known here\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_with_errors_are_not_replayed_to()
    {
        _folder.Write("hostname: mail.example.com\n");

        var (exitCode, output, _) = await RunAsync("--clients");

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("clients on", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine
            .Parse(["check-config", "-c", _folder.Path, .. arguments], new Dictionary<string, string>(), TimeProvider.System)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
