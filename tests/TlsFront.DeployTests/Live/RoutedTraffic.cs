using System.Globalization;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.HeldLogin;
using TlsFront.SystemTests.Processes;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// What comes to a gateway whose users a map and a service lead: those that the service knows and does not know, one on hold, and more than a server
/// has places for.
/// </summary>
internal sealed class RoutedTraffic : IAsyncDisposable
{
    /// <summary>The service sends this one to a server that nobody configured.</summary>
    private const string Lost = "lost";

    /// <summary>A server with one place.</summary>
    private const string Small = "small";

    /// <summary>More in five minutes than the alert allows.</summary>
    private const int Failures = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly AuthService _service;
    private readonly List<Session> _sessions = [];
    private readonly MailUser _known;
    private readonly MailUser _mapped;
    private readonly MailUser _held;
    private readonly int _imap;
    private GatewayProcess? _gateway;

    public RoutedTraffic(MailBackends backends)
    {
        (_known, _mapped, _held, _imap) = (backends.NewUser(), backends.NewUser(), backends.NewUser(), backends.Dovecot.ImapPort);
        _service = new AuthService(headers => string.Create(
            CultureInfo.InvariantCulture,
            $"Auth-Status: OK\r\nAuth-Server: 127.0.0.1\r\nAuth-Port: {(headers["Auth-User"] == Lost ? 1 : _imap)}\r\n"));
        File.WriteAllText(Map, $"{_mapped.Name} {Small}\n");
        File.WriteAllText(_folder.PathOf("senders"), "@example.test postfix\n");
    }

    private string Map => _folder.PathOf("readers");

    private GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("The gateway was not started.");

    /// <summary>
    /// The gateway for it: a map and a service for readers, and another map, which stays good, for senders; some of both as they were before they
    /// moved to implicit TLS.
    /// </summary>
    public GatewaySetup SetupOf(GatewaySetup setup) => setup with
    {
        HasStartTls = true,
        StartTlsSecurity = "optional",
        More = $$"""
            inventory: { path: {{_folder.PathOf("inventory.db")}}, flushEvery: 1s }
            policies:
              - { name: device, action: allow, transport: cleartext, users: [{{_known.Name}}] }
              - { name: starttls, action: warn, transport: starttls }
            """,
        ImapUsers = Map,
        ImapLookup = string.Create(CultureInfo.InvariantCulture, $"{{ url: \"http://127.0.0.1:{_service.Port}/auth\" }}"),
        Arguments =
        [
            "--set", $"listeners.0.userMap={_folder.PathOf("senders")}", "--set", "admin.socket=admin.socket", "--set", "timeouts.connect=1h",
            "--set", $"backends.3.name={Small}", "--set", "backends.3.kind=dovecot", "--set", $"backends.3.destinations.0=127.0.0.1:{_imap}",
            "--set", "backends.3.proxyProtocol=v2", "--set", "backends.3.maxSessions=1", "--set", "backends.3.queue.timeout=5m",
        ],
    };

    /// <summary>A login that waits for the end of a hold, and one that waits for a place.</summary>
    public async Task WaitAsync(GatewayProcess gateway)
    {
        _gateway = gateway;
        var (command, arguments) = GatewayBinary.Command(
            ["users", "hold", _held.Name, "--for", "10m", "--config", gateway.ConfigurationFile, "--set", "admin.socket=admin.socket"]);
        (await Command.RunAsync(command, arguments)).Succeeded();
        await (await OpenAsync()).SendAsync(Login(_held));
        await (await OpenAsync()).AskAsync(Login(_mapped).TrimEnd(), "a OK");
        await (await OpenAsync()).SendAsync(Login(_mapped));
    }

    /// <summary>The map gets a mistake: the one before stays in force.</summary>
    public Task BreakMapAsync() => File.WriteAllTextAsync(Map, $"{_mapped.Name} nowhere\n");

    /// <summary>Users whom the service knows, and who are remembered, and some whose server is none of ours.</summary>
    public async Task LogInAsync()
    {
        Task<Command> ReadAsync(string user, string password) =>
            Gateway.CurlAsync(Gateway.Ports.Imap, "imaps://HOST/INBOX", "", ["--user", $"{user}:{password}"]);
        (await ReadAsync(_known.Name, _known.Password)).Succeeded();
        foreach (var failed in await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => ReadAsync(Lost, "secret"))))
        {
            Assert.NotEqual(0, failed.ExitCode);
        }
    }

    /// <summary>Who has not moved yet, behind STARTTLS and in cleartext; and one whom no policy lets in.</summary>
    public async Task LogInAsBeforeAsync()
    {
        Task<Command> SubmitAsync(MailUser user, params string[] options) => Gateway.CurlAsync(
            Gateway.Ports.StartTls.Smtp, "smtp://HOST", "", ["--user", $"{user.Name}:{user.Password}", "--request", "NOOP", .. options]);
        (await SubmitAsync(_known, "--ssl-reqd")).Succeeded();
        (await SubmitAsync(_known)).Succeeded();
        Assert.Contains("530 5.7.0 TLS is required", (await SubmitAsync(_mapped, "--verbose")).Text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
        {
            await session.DisposeAsync();
        }

        await _service.DisposeAsync();
        _folder.Dispose();
    }

    private static string Login(MailUser user) => $"a LOGIN {user.Name} {user.Password}\r\n";

    private async Task<Session> OpenAsync()
    {
        var session = Gateway.Open(Gateway.Ports.Imap);
        _sessions.Add(session);
        await session.UntilAsync("* OK");
        return session;
    }
}
