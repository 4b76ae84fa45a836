using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Peers;

/// <summary>Real OpenSMTPD, Exim and Cyrus behind gateways with and without TLS to their servers, that hold logins or do not.</summary>
public sealed class PeerServers : IAsyncLifetime
{
    private const int UserCount = 20;

    private readonly List<IAsyncDisposable> _processes = [];
    private DebianRoot? _root;
    private OpenSmtpd? _openSmtpd;
    private Exim? _exim;
    private Cyrus? _cyrus;
    private GatewayProcess? _secure;
    private GatewayProcess? _clear;
    private GatewayProcess? _secureHeld;
    private GatewayProcess? _clearHeld;

    public DebianRoot Root => _root!;

    public OpenSmtpd OpenSmtpd => _openSmtpd!;

    public Exim Exim => _exim!;

    public Cyrus Cyrus => _cyrus!;

    /// <summary>OpenSMTPD and Cyrus, both over TLS verified by their authority.</summary>
    public GatewayProcess Secure => _secure!;

    /// <summary>Exim and Cyrus in clear.</summary>
    public GatewayProcess Clear => _clear!;

    /// <summary><see cref="Secure"/> or <see cref="Clear"/>, or the same where logins wait until it is known whose they are.</summary>
    public GatewayProcess Of(bool tls, bool isHeld) => (tls, isHeld) switch
    {
        (true, false) => Secure,
        (false, false) => Clear,
        (true, true) => _secureHeld!,
        _ => _clearHeld!,
    };

    public async Task InitializeAsync()
    {
        try
        {
            _root = await DebianRoot.CreateAsync();
            _processes.Add(_openSmtpd = await OpenSmtpd.StartAsync(_root, UserCount));
            _processes.Add(_exim = await Exim.StartAsync(_root, UserCount));
            _processes.Add(_cyrus = await Cyrus.StartAsync(_root, UserCount));
            var tls = $"{{ mode: implicit, ca: {_root.AuthorityFile}, serverName: {DebianRoot.InternalName} }}";
            var secure = new GatewaySetup
            {
                HasStartTls = true,
                Smtp = [_openSmtpd.Port],
                SmtpKind = "opensmtpd",
                SmtpTls = tls,
                Imap = [_cyrus.ImapsPort],
                Pop3 = [_cyrus.Pop3sPort],
                AccessKind = "cyrus",
                AccessProxyProtocol = null,
                AccessTls = tls,
            };
            var clear = new GatewaySetup
            {
                HasStartTls = true,
                Smtp = [_exim.Port],
                SmtpKind = "exim",
                Imap = [_cyrus.ImapPort],
                Pop3 = [_cyrus.Pop3Port],
                AccessKind = "cyrus",
                AccessProxyProtocol = null,
            };
            _processes.Add(_secure = await GatewayProcess.StartAsync(secure));
            _processes.Add(_clear = await GatewayProcess.StartAsync(clear));
            _processes.Add(_secureHeld = await GatewayProcess.StartAsync(secure with { IsSticky = true }));
            _processes.Add(_clearHeld = await GatewayProcess.StartAsync(clear with { IsSticky = true }));
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _root?.Dispose();
    }
}
