using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Policies;

/// <summary>
/// TLS 1.0 for the devices that a policy names, until its day, with real clients that speak nothing newer. The managed engine has none, and says so.
/// </summary>
public sealed class LegacyTlsTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Message = "From: sender@example.test\r\nSubject: a scan\r\n\r\nhello\r\n";

    private static readonly string[] Old = ["--tlsv1.0", "--tls-max", "1.0", "--ciphers", "DEFAULT@SECLEVEL=0"];

    private static bool IsNative => Engine == "native";

    [Fact]
    public async Task A_client_of_TLS_1_0_is_refused_with_the_alert_that_says_why_wherever_nothing_is_set()
    {
        var gateway = await StartGatewayAsync(Setup);
        var handshake = await OldHandshakeAsync(gateway, gateway.Ports.Imap);
        Assert.Contains("alert protocol version", handshake.Text, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the log says why",
            () => gateway.Process.Lines.Any(
                static line => line.Contains("client offers at most TLS 1.0; minimum is TLS 1.2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_device_that_is_named_sends_and_reads_by_TLS_1_0_and_nobody_else_does()
    {
        if (!IsNative)
        {
            await AssertManagedSaysSoAsync();
            return;
        }

        var (device, other) = (Backends.NewUser(), Backends.NewUser());
        var gateway = await StartAsync("2099-01-01T00:00Z", "127.0.0.0/8", device);
        string[] login = ["--user", $"{device.Name}:{device.Password}"];
        (await gateway.CurlAsync(
            gateway.Ports.Smtp, "smtps://HOST", Message,
            [.. Old, .. login, "--mail-from", device.Address, "--mail-rcpt", device.Address, "--upload-file", "-"])).Succeeded();
        Assert.Matches(
            @"with ESMTPSA\s+id [^;]*tls TLS_ECDHE_\w+_WITH_AES_\d+_CBC_SHA\b", new DeliveredMail(await device.DeliveredAsync()).OurReceived());
        var read = (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX;MAILINDEX=1", "", [.. Old, .. login])).Succeeded().Output;
        Assert.Contains("a scan", read, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "the log has version and policy",
            () => gateway.Process.Lines.Any(static line => line.Contains("\"TlsVersion\":\"1.0\"", StringComparison.Ordinal)
                && line.Contains("\"Policy\":\"devices\"", StringComparison.Ordinal)));

        // Also 1.2 with a suite of before: a stronger one wins if both have it.
        var best = await gateway.OpenSslAsync(
            gateway.Ports.Imap, "", "-tls1_2", "-cipher",
            "AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
        Assert.Matches("Cipher is ECDHE-(RSA|ECDSA)-AES128-GCM-SHA256", best.Text);

        foreach (var password in (string[])[other.Password, "wrong"])
        {
            var refused = await gateway.CurlAsync(
                gateway.Ports.Imap, "imaps://HOST/INBOX", "", [.. Old, "--verbose", "--user", $"{other.Name}:{password}"]);
            Assert.Contains("NO [PRIVACYREQUIRED] TLS 1.2 or later is required", refused.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(other.Name, Backends.Dovecot.Log, StringComparison.Ordinal);
        (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", "--user", $"{other.Name}:{other.Password}")).Succeeded();
    }

    [Theory]
    [InlineData("2020-01-01T00:00Z", "127.0.0.0/8")]
    [InlineData("2099-01-01T00:00Z", "192.0.2.0/24")]
    public async Task After_its_day_and_from_other_networks_the_handshake_itself_is_refused(string until, string network)
    {
        if (!IsNative)
        {
            await AssertManagedSaysSoAsync();
            return;
        }

        var device = Backends.NewUser();
        var gateway = await StartAsync(until, network, device);
        var handshake = await OldHandshakeAsync(gateway, gateway.Ports.Imap);
        Assert.Contains("alert protocol version", handshake.Text, StringComparison.Ordinal);

        // Nor does a client of today get a suite of before there.
        var weak = await gateway.OpenSslAsync(gateway.Ports.Imap, "", "-tls1_2", "-cipher", "AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA");
        Assert.Contains("alert handshake failure", weak.Text, StringComparison.Ordinal);
        (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", "--user", $"{device.Name}:{device.Password}")).Succeeded();
    }

    private static Task<Command> OldHandshakeAsync(GatewayProcess gateway, int port) =>
        gateway.OpenSslAsync(port, "", "-tls1", "-cipher", "DEFAULT@SECLEVEL=0");

    private Task<GatewayProcess> StartAsync(string until, string network, MailUser device) => StartGatewayAsync(Setup with
    {
        Arguments =
        [
            "--set", "listeners.0.tls.minimumVersion=1.0", "--set", "listeners.1.tls.minimumVersion=1.0",
            "--set", "policies.0.name=devices", "--set", "policies.0.action=allow", "--set", "policies.0.tlsBelow=1.2",
            "--set", $"policies.0.networks.0={network}", "--set", $"policies.0.users.0={device.Name}", "--set", $"policies.0.until={until}",
        ],
    });

    private static async Task AssertManagedSaysSoAsync()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "tlsfront.yaml");
        await File.WriteAllTextAsync(file, """
            hostname: mail.example.test
            listeners: [ { name: imaps, address: "127.0.0.1:993", protocol: imap, backend: b, tls: { minimumVersion: "1.0" } } ]
            backends: [ { name: b, kind: dovecot, destinations: ["127.0.0.1:143"] } ]
            policies: [ { name: p, action: allow, tlsBelow: "1.2", until: 2099-01-01T00:00Z } ]
            """);
        var (command, arguments) = GatewayBinary.Command("check-config", "-c", file);
        var checkedFile = await Command.RunAsync(command, arguments);
        Assert.Contains("needs the native engine for TLS before 1.2", checkedFile.Text, StringComparison.Ordinal);
    }
}
