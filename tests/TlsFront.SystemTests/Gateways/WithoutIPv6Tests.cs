using TlsFront.SystemTests.Limits;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Gateways;

/// <summary>A gateway on all addresses, as the Helm chart has it, on a host without IPv6.</summary>
public sealed class WithoutIPv6Tests : IDisposable
{
    private readonly ImapStub _stub = new();

    public void Dispose() => _stub.Dispose();

    [Fact]
    public async Task Listeners_and_admin_endpoint_on_all_addresses_serve_IPv4()
    {
        // The start waits for the admin endpoint.
        await using var gateway = await GatewayProcess.StartAsync(new()
        {
            Smtp = [_stub.Port],
            Imap = [_stub.Port],
            Pop3 = [_stub.Port],
            DrainDelay = "0s",
            Launcher = static ports =>
            [
                "env", $"TLSFRONT__ADMIN__ADDRESS=*:{ports.Admin}", $"TLSFRONT__LISTENERS__1__ADDRESS=*:{ports.Imap}",
                "python3", Script.PathOf("without_ipv6.py"),
            ],
        });
        await using var client = await ImapClient.ConnectAsync(gateway.Ports.Imap);
        await client.SecureAsync(gateway);
        Assert.StartsWith("* OK", await client.LineAsync(), StringComparison.Ordinal);
        Assert.Contains($"0.0.0.0:{gateway.Ports.Admin}", gateway.Log, StringComparison.Ordinal);
    }
}
