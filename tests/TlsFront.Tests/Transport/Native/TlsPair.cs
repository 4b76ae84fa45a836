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
    public TlsPair(TimeProvider time)
    {
        _keys = new TicketKeys(null, time);
        var parameters = new TlsParameters
        {
            MinimumVersion = TlsVersion.Tls12,
            CipherSuites = CipherSuites.From(TlsVersion.Tls12),
            ApplicationProtocol = null,
        };
        _context = new SslContext(parameters, _folder.Store(NativeGateway.Ecdsa).Current.All[0], acknowledgesName: false, _keys, _objects);
        _clientContext = new SslClientContext(new BackendTlsParameters("mail.example.com", null, Verify: false, null), _objects);
        Server = new TlsEnd(_context.Handle, _objects);
        Client = new TlsEnd(_clientContext.Handle, _objects);
        Server.Tls.Accept(_context.ScopeOf(null));
        Client.Tls.Connect("mail.example.com", isAddress: false);
    }

    public TlsEnd Server { get; }

    public TlsEnd Client { get; }

    /// <summary>Runs the handshake; the error that either end ends it with, 0 for none.</summary>
    public ulong Handshake()
    {
        var (isClientDone, isServerDone) = (false, false);
        while (!isClientDone || !isServerDone)
        {
            var error = 0ul;
            isClientDone = isClientDone || Client.Tls.TryHandshake(out error);
            Client.SendTo(Server);
            isServerDone = isServerDone || (error == 0 && Server.Tls.TryHandshake(out error));
            Server.SendTo(Client);
            if (error != 0)
            {
                return error;
            }
        }

        return 0;
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
}
