using System.Text;
using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.LoadBalancers;

/// <summary>Real nginx before the gateway: the headers it writes are read as it means them, and servers get valid ones.</summary>
public sealed class NginxTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    [Theory]
    [InlineData("TCP6 2001:db8::9 2001:db8::1", "2001:db8::9", "::ffff:127.0.0.1")]
    [InlineData("TCP6 ::ffff:203.0.113.9 ::ffff:192.0.2.1", "203.0.113.9", "127.0.0.1")]
    [InlineData("TCP4 203.0.113.10 192.0.2.1", "203.0.113.10", "127.0.0.1")]
    public async Task A_client_is_served_whatever_family_the_listener_of_nginx_has(string header, string client, string local)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync(Setup with { TrustedNetworks = Nginx.Address });
        await using var proxy = await Nginx.StartAsync(gateway.Ports.Imap);

        await using var session = gateway.Open(proxy.Port, "header=" + Convert.ToHexString(Encoding.ASCII.GetBytes($"PROXY {header} 4711 993\r\n")));
        await session.UntilAsync("* OK");
        await session.AskAsync($"a1 LOGIN {user.Name} {user.Password}", "a1 OK");

        await Eventually.TrueAsync(
            "the client in Dovecot's log", () => Backends.Dovecot.Log.Contains($"rip={client}, lip={local},", StringComparison.Ordinal));
        var logged = client.Contains(':') ? $"client=[{client}]:4711 via={Nginx.Address}:" : $"client={client}:4711 via={Nginx.Address}:";
        await Eventually.TrueAsync("the client in the gateway's log", () => gateway.Log.Contains(logged, StringComparison.Ordinal));
    }
}
