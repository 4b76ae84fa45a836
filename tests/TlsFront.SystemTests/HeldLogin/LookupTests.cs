using System.Globalization;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.HeldLogin;

/// <summary>A service for nginx's mail proxy, asked by nginx and by the gateway, in front of two real Dovecots.</summary>
public sealed class LookupTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Ours = "X-TlsFront-Listener";

    /// <summary>What is the connection's own, or the HTTP client's.</summary>
    private static readonly string[] Incidental = ["Host", Ours, "X-TlsFront-Connection"];

    [Theory]
    [InlineData("atom", "a1 LOGIN {0} {1}")]
    [InlineData("quoted", "a1 LOGIN \"{0}\" \"{1}\"")]
    [InlineData("plain", "a1 AUTHENTICATE PLAIN {2}")]
    public async Task It_is_asked_what_nginx_asks_and_its_answer_leads_to_the_same_server(string name, string login)
    {
        var user = Backends.NewUser();
        await using var other = await Backends.StartDovecotAsync($"lookup-{name}");
        // nginx cannot tell the server that its client has TLS.
        await using var service = new AuthService(headers => string.Create(
            CultureInfo.InvariantCulture,
            $"Auth-Status: OK\r\nAuth-Server: 127.0.0.1\r\nAuth-Port: {(headers.ContainsKey(Ours) ? other.ImapPort : other.PlainImapPort)}\r\n"));
        var gateway = await StartGatewayAsync(SetupOf(service, other));
        await using var nginx = await NginxMail.StartAsync(service.Port, gateway.EcdsaFolder);
        var command = string.Format(CultureInfo.InvariantCulture, login, user.Name, user.Password, user.PlainCredentials);
        foreach (var port in new[] { nginx.Port, gateway.Ports.Imap })
        {
            await using var session = gateway.Open(port);
            await session.UntilAsync("* OK");
            await session.AskAsync(command, "a1 OK");
            await session.AskAsync("a2 LOGOUT", "a2 OK");
        }

        await Eventually.TrueAsync(
            "the server logs both logins", () => other.Log.Split($"Login: user=<{user.Name}>").Length - 1 == 2);
        Assert.Equal(2, service.Requests.Count);
        var (nginxs, ours) = (service.Requests.First(), service.Requests.Last());
        Assert.Equal(user.Password, ours["Auth-Pass"]);
        Assert.Equal(Telling(nginxs), Telling(ours));
        Assert.DoesNotContain(user.Password, gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_refuses_makes_wait_and_logs_in_as_somebody_else()
    {
        var (alice, bob) = (Backends.NewUser(), Backends.NewUser());
        await using var other = await Backends.StartDovecotAsync("lookup-other");
        await using var service = new AuthService(headers => headers["Auth-User"] == "nobody"
            ? "Auth-Status: Go away\r\nAuth-Wait: 1\r\n"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Auth-Status: OK\r\nAuth-Server: 127.0.0.1\r\nAuth-Port: {other.ImapPort}\r\n"
                + $"Auth-User: {bob.Name}\r\nAuth-Pass: {bob.Password}\r\n"));
        var gateway = await StartGatewayAsync(SetupOf(service, other));
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync("a1 LOGIN nobody secret", "a1 NO");
        await session.AskAsync($"a2 LOGIN {alice.Name} whatever", "a2 OK");
        await Eventually.TrueAsync(
            "the server logs the login", () => other.Log.Contains($"Login: user=<{bob.Name}>", StringComparison.Ordinal));
        Assert.DoesNotContain($"Login: user=<{alice.Name}>", other.Log, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Telling(IReadOnlyDictionary<string, string> headers) =>
        headers.Where(static header => !Incidental.Contains(header.Key)).Select(static header => $"{header.Key}: {header.Value}").Order();

    private GatewaySetup SetupOf(AuthService service, Dovecot other) => Setup with
    {
        OtherImap = [other.ImapPort],
        ImapLookup = string.Create(
            CultureInfo.InvariantCulture, $"{{ url: \"http://127.0.0.1:{service.Port}/auth\", sendPassword: on, backends: [other] }}"),
    };
}
