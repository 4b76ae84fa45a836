using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Reload;

/// <summary>Configuration files that change while the gateway runs.</summary>
public sealed class SettingsReloadTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Fact]
    public async Task A_broken_file_is_reported_with_its_line_and_the_gateway_goes_on_as_before()
    {
        var gateway = await StartGatewayAsync();
        var lines = await File.ReadAllLinesAsync(gateway.ConfigurationFile);
        var broken = Array.FindIndex(lines, line => line.StartsWith("tls:", StringComparison.Ordinal));
        lines[broken] = "tls: { minimumVersion: \"1.7\" }";
        await File.WriteAllLinesAsync(gateway.ConfigurationFile, lines);

        gateway.Process.Signal(UnixSignal.Hangup);

        await Eventually.TrueAsync(
            "the problem in the log",
            () =>
                gateway.Process.Lines.Any(line =>
                    line.Contains("minimumVersion", StringComparison.Ordinal)
                        && line.Contains($"{broken + 1}", StringComparison.Ordinal)
                        && line.Contains("1.7", StringComparison.Ordinal)));
        await using var session = gateway.Open(gateway.Ports.Imap, "version=1.2");
        await session.UntilAsync("* OK");
    }

    [Fact]
    public async Task A_changed_file_is_in_force_for_the_next_connection_after_SIGHUP()
    {
        var gateway = await StartGatewayAsync();
        var before = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "other.invalid");
        Assert.Contains("subject=CN = " + GatewayProcess.Name, before.Output, StringComparison.Ordinal);

        gateway.Configure(Setup with { UnknownName = "reject" });
        gateway.Process.Signal(UnixSignal.Hangup);

        await Eventually.TrueAsync(
            "the stricter rule",
            async () =>
                (await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "other.invalid"))
                    .Text.Contains("SSL alert number 112", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_file_is_in_force_without_a_signal_too()
    {
        var gateway = await StartGatewayAsync();

        gateway.Configure(Setup with { UnknownName = "reject" });

        await Eventually.TrueAsync(
            "the stricter rule",
            async () =>
                (await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-servername", "other.invalid"))
                    .Text.Contains("SSL alert number 112", StringComparison.Ordinal));
    }
}
