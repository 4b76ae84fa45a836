using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Peers;

/// <summary>Real OpenSMTPD, Exim and Cyrus behind two gateways: one with TLS to its servers, one without.</summary>
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

    public DebianRoot Root => _root!;

    public OpenSmtpd OpenSmtpd => _openSmtpd!;

    public Exim Exim => _exim!;

    public Cyrus Cyrus => _cyrus!;

    /// <summary>OpenSMTPD and Cyrus, both over TLS verified by their authority.</summary>
    public GatewayProcess Secure => _secure!;

    /// <summary>Exim and Cyrus in clear.</summary>
    public GatewayProcess Clear => _clear!;

    public async Task InitializeAsync()
    {
        try
        {
            _root = await DebianRoot.CreateAsync();
            _processes.Add(_openSmtpd = await OpenSmtpd.StartAsync(_root, UserCount));
            _processes.Add(_exim = await Exim.StartAsync(_root, UserCount));
            _processes.Add(_cyrus = await Cyrus.StartAsync(_root, UserCount));
            var tls = $"{{ mode: implicit, ca: {_root.AuthorityFile}, serverName: {DebianRoot.InternalName} }}";
            _processes.Add(_secure = await GatewayProcess.StartAsync(new GatewaySetup
            {
                Smtp = [_openSmtpd.Port],
                SmtpKind = "opensmtpd",
                SmtpTls = tls,
                Imap = [_cyrus.ImapsPort],
                Pop3 = [_cyrus.Pop3sPort],
                AccessKind = "cyrus",
                AccessProxyProtocol = null,
                AccessTls = tls,
            }));
            _processes.Add(_clear = await GatewayProcess.StartAsync(new GatewaySetup
            {
                Smtp = [_exim.Port],
                SmtpKind = "exim",
                Imap = [_cyrus.ImapPort],
                Pop3 = [_cyrus.Pop3Port],
                AccessKind = "cyrus",
                AccessProxyProtocol = null,
            }));
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
