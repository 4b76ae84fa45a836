using TlsFront.Connections;
using TlsFront.Tests.Tls;
using TlsFront.Tls;
using TlsFront.Transport;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Both ends of one TLS connection of the native engine, on the thread of the test, without a socket or a loop.</summary>
internal sealed class TlsPair : IDisposable
{
    private readonly NativeObjects _objects = new();
    private readonly CertificateFolder _folder = new();
    private readonly TicketKeys _keys;
    private readonly SslContext _context;
    private readonly SslClientContext _clientContext;

    /// <param name="time">The clock that session tickets go by.</param>
    /// <param name="version">The only version; any if null.</param>
    /// <param name="suite">The only suite, as OpenSSL calls it; any if null.</param>
    /// <param name="certificate">The server's; the one with ECDSA if null.</param>
    public TlsPair(TimeProvider time, TlsVersion? version = null, string? suite = null, TestCertificate? certificate = null)
    {
        _keys = new TicketKeys(null, time);
        var parameters = new TlsParameters
        {
            MinimumVersion = TlsVersion.Tls12,
            CipherSuites = CipherSuites.From(TlsVersion.Tls12),
            ApplicationProtocol = null,
        };
        var loaded = _folder.Store(certificate ?? NativeGateway.Ecdsa).Current.All[0];
        _context = new SslContext(parameters, loaded, acknowledgesName: false, _keys, _objects);
        _clientContext = new SslClientContext(new BackendTlsParameters("mail.example.com", null, Verify: false, null), _objects);
        Restrict(version, suite);
        Server = new TlsEnd(_context.Handle, _objects);
        Client = new TlsEnd(_clientContext.Handle, _objects);
        Begin();
    }

    public TlsEnd Server { get; }

    public TlsEnd Client { get; }

    /// <summary>What becomes of what the client sends in the handshake, and in which pieces it arrives; the same, and in one, if null.</summary>
    public Func<byte[], IEnumerable<byte[]>>? OnTheWay { get; set; }

    /// <summary>Shown what the server sends in the handshake.</summary>
    public Action<byte[]>? OnTheWayBack { get; set; }

    /// <summary>Called with an end whose handshake is complete, while what it wrote last is not sent yet.</summary>
    public Action<TlsEnd>? WhenDone { get; set; }

    /// <summary>Whether the server goes on with records of its own, if it can.</summary>
    public bool ServerGoesOn { get; set; }

    /// <summary>Whether the client does.</summary>
    public bool ClientGoesOn { get; set; }

    /// <summary>Runs the handshake; the error that either end ends it with, 0 for none.</summary>
    public ulong Handshake()
    {
        var (isClientDone, isServerDone) = (false, false);
        while (!isClientDone || !isServerDone)
        {
            var error = 0ul;
            var wasClientDone = isClientDone;
            isClientDone = isClientDone || Client.Tls.TryHandshake(out error);
            if (isClientDone && !wasClientDone)
            {
                Done(Client, ClientGoesOn);
            }

            var sent = Client.TakeOutput();
            foreach (var piece in OnTheWay?.Invoke(sent) ?? [sent])
            {
                Server.Give(piece);
                if (!isServerDone && error == 0)
                {
                    isServerDone = Server.Tls.TryHandshake(out error);
                    if (isServerDone)
                    {
                        Done(Server, ServerGoesOn);
                    }
                }
            }

            var answer = Server.TakeOutput();
            OnTheWayBack?.Invoke(answer);
            Client.Give(answer);
            if (error != 0)
            {
                return error;
            }
        }

        return 0;
    }

    /// <summary>Makes both ends anew, for another handshake.</summary>
    public void Renew()
    {
        Server.Renew();
        Client.Renew();
        Begin();
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _context.Dispose();
        _clientContext.Dispose();
        _keys.Dispose();
        _folder.Dispose();
        Assert.Equal((0, 0, 0, 0, 0), _objects.Live);
    }

    private void Begin()
    {
        Server.Tls.Accept(_context.ScopeOf(null));
        Client.Tls.Connect("mail.example.com", isAddress: false);
    }

    private void Done(TlsEnd end, bool goesOn)
    {
        WhenDone?.Invoke(end);
        if (goesOn)
        {
            end.Complete();
        }
    }

    private unsafe void Restrict(TlsVersion? version, string? suite)
    {
        const int MaximumVersion = 124;
        _ = OpenSsl.SSL_CTX_ctrl(_clientContext.Handle, MaximumVersion, (nint)(version ?? 0), null);
        _ = OpenSsl.SSL_CTX_ctrl(_clientContext.Handle, OpenSsl.ControlMinimumVersion, (nint)(version ?? 0), null);
        if (suite is not null)
        {
            Assert.Equal(
                1,
                suite.StartsWith("TLS_", StringComparison.Ordinal)
                    ? OpenSsl.SSL_CTX_set_ciphersuites(_clientContext.Handle, suite)
                    : OpenSsl.SSL_CTX_set_cipher_list(_clientContext.Handle, suite));
        }
    }
}
