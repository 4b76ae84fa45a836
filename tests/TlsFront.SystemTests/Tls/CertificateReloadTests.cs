using TlsFront.SystemTests.Access;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Tls;

/// <summary>Certificates that are renewed while the gateway runs.</summary>
public sealed class CertificateReloadTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private static readonly string[] Ecdsa = ["-sigalgs", "ECDSA+SHA256"];

    [Fact]
    public async Task Replaced_files_are_served_by_the_next_handshake_while_an_IDLE_session_lives_on()
    {
        var user = Backends.NewUser();
        var gateway = await StartGatewayAsync();
        await using var idle = await gateway.IdleAsync(user);
        var before = await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa);

        var renewed = gateway.Authority.Issue(KeyKind.Ecdsa, GatewayProcess.Name).WriteTo(gateway.EcdsaFolder);

        Assert.NotEqual(before, renewed.Serial);
        await EventuallyServedAsync(gateway, renewed);
        await idle.AskAsync("DONE", "a3 OK");
        await idle.AskAsync("a4 NOOP", "a4 OK");
    }

    [Fact]
    public async Task Links_swapped_as_certbot_does_are_followed()
    {
        IssuedCertificate? first = null;
        var gateway = await StartGatewayAsync(prepare: gateway => first = Certbot.Renew(gateway.EcdsaFolder, gateway.Authority, 1));
        Assert.Equal(first!.Serial, await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa));

        var second = Certbot.Renew(gateway.EcdsaFolder, gateway.Authority, 2);

        await EventuallyServedAsync(gateway, second);
    }

    [Fact]
    public async Task A_half_written_pair_changes_nothing_until_it_is_whole()
    {
        var gateway = await StartGatewayAsync();
        var before = await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa);
        var renewed = gateway.Authority.Issue(KeyKind.Ecdsa, GatewayProcess.Name);

        // The new chain with the old key: what stands on disk between the two writes of an ACME client.
        await File.WriteAllTextAsync(Path.Combine(gateway.EcdsaFolder, "fullchain.pem"), renewed.Chain);
        gateway.Process.Signal(Processes.UnixSignal.Hangup);
        await Eventually.TrueAsync("a word about it in the log", () => gateway.Log.Contains(gateway.EcdsaFolder, StringComparison.Ordinal));
        Assert.Equal(before, await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa));

        renewed.WriteTo(gateway.EcdsaFolder);
        await EventuallyServedAsync(gateway, renewed);
    }

    private static Task EventuallyServedAsync(GatewayProcess gateway, IssuedCertificate certificate) =>
        Eventually.TrueAsync("the new certificate", async () => await gateway.ServedSerialAsync(gateway.Ports.Imap, Ecdsa) == certificate.Serial);
}
