using System.Globalization;
using System.Text;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Backends;

/// <summary>Real Postfix and real Dovecot over the same mailboxes, started once for all tests of <see cref="MailCollection"/>.</summary>
public sealed class MailBackends : IAsyncLifetime, IDisposable
{
    /// <summary>Where a gateway connects from that the servers trust to say who the client is.</summary>
    public const string TrustedAddress = "127.0.0.77";

    private const int UserCount = 1000;

    private readonly TemporaryFolder _folder = new();
    private int _users;
    private Postfix? _postfix;
    private Dovecot? _dovecot;

    public Postfix Postfix => _postfix ?? throw new InvalidOperationException("Postfix did not start.");

    public Dovecot Dovecot => _dovecot ?? throw new InvalidOperationException("Dovecot did not start.");

    /// <summary>Gateways in front of them that tests share.</summary>
    public GatewayPool Gateways { get; } = new();

    public async Task InitializeAsync()
    {
        Ownership.Give(_folder.Folder("mail"), Ownership.MailUser);
        try
        {
            _dovecot = await Dovecot.StartAsync(_folder.PathOf("dovecot"), _folder.PathOf("mail"));
            _postfix = await StartPostfixAsync("postfix");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Another Postfix for the same mailboxes, for tests that end one.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="services">More of master.cf.</param>
    /// <param name="authentication">Whom it asks about logins; null for the Dovecot of all tests.</param>
    public Task<Postfix> StartPostfixAsync(string name, string services = "", Dovecot? authentication = null) =>
        Postfix.StartAsync(
            _folder.PathOf(name), _folder.PathOf("mail"), (authentication ?? Dovecot).AuthenticationSocket,
            Enumerable.Range(1, UserCount).Select(Name), services);

    /// <summary>Another Dovecot for the same mailboxes.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="mechanisms">The SASL mechanisms it offers.</param>
    /// <param name="settings">More of dovecot.conf, before the rest.</param>
    public Task<Dovecot> StartDovecotAsync(string name, string mechanisms = "plain login", string settings = "") =>
        Dovecot.StartAsync(_folder.PathOf(name), _folder.PathOf("mail"), mechanisms, settings);

    /// <summary>A user with an empty mailbox: each test takes its own.</summary>
    public MailUser NewUser()
    {
        var number = Interlocked.Increment(ref _users);
        Assert.True(number <= UserCount, "More users are needed.");
        return new MailUser(Name(number), Path.Combine(_folder.Path, "mail", Name(number), "Maildir", "new"));
    }

    /// <summary>The last lines of both logs, for the output of a failed test.</summary>
    public string Logs()
    {
        var text = new StringBuilder();
        text.AppendLine("--- Postfix").AppendLine(Tail(Postfix.Log));
        text.AppendLine("--- Dovecot").AppendLine(Tail(Dovecot.Log));
        return text.ToString();
    }

    public async Task DisposeAsync()
    {
        await Gateways.DisposeAsync();
        if (_postfix is not null)
        {
            await _postfix.DisposeAsync();
        }

        if (_dovecot is not null)
        {
            await _dovecot.DisposeAsync();
        }

        Dispose();
    }

    public void Dispose() => _folder.Dispose();

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"user{number}");

    private static string Tail(string log) => string.Join('\n', log.Split('\n').TakeLast(30));
}
