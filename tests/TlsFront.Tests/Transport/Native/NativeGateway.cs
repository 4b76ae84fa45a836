using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Tcp;
using TlsFront.Tests.Tls;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Tickets;
using TlsFront.Transport;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests.Transport.Native;

/// <summary>The native engine between real loopback sockets, with the few steps of the pipeline that it needs and one backend.</summary>
internal sealed class NativeGateway : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NativeEngine _engine;
    private readonly IConnectionListener _listener;
    private readonly Socket _backends = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private readonly CertificateFolder _folder;
    private readonly Func<MailMachine> _machine;
    private readonly TimeoutSettings _timeouts;

    private NativeGateway(
        NativeEngine engine, IConnectionListener listener, CertificateFolder folder, Func<MailMachine> machine, TimeoutSettings timeouts)
    {
        _engine = engine;
        _listener = listener;
        _folder = folder;
        Certificates = folder.Store(Ecdsa, Rsa);
        Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, Certificates);
        _machine = machine;
        _timeouts = timeouts;
        _backends.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _backends.Listen();
        _accepting = AcceptAsync();
    }

    public static TestCertificate Ecdsa { get; } = TestAuthority.Shared.Ecdsa("mail.example.com");

    public static TestCertificate Rsa { get; } = TestAuthority.Shared.Rsa("mail.example.com");

    /// <summary>An ECDSA and an RSA certificate for one name.</summary>
    public CertificateStore Certificates { get; }

    /// <summary>Rules for handshakes from now on.</summary>
    public TlsPolicy Policy { get; set; }

    /// <summary>How handshakes ended, in order.</summary>
    public Channel<TlsOutcome> Handshakes { get; } = Channel.CreateUnbounded<TlsOutcome>();

    /// <summary>How sessions ended, in order.</summary>
    public Channel<Outcome> Ends { get; } = Channel.CreateUnbounded<Outcome>();

    /// <summary>Exceptions sessions ended with.</summary>
    public Channel<Exception> Failures { get; } = Channel.CreateUnbounded<Exception>();

    /// <summary>What is written to a backend before its session begins.</summary>
    public byte[] Introduction { get; init; } = [];

    /// <summary>TLS with backends; null for none.</summary>
    public BackendTlsParameters? Terms { get; set; }

    /// <summary>Gives up their handshakes.</summary>
    public CancellationToken GiveUp { get; set; }

    /// <summary>Completed by a test that wants backends to take long.</summary>
    public Task BackendMayConnect { get; set; } = Task.CompletedTask;

    /// <summary>Set once a session waits for its backend.</summary>
    public SemaphoreSlim WantsBackend { get; } = new(0);

    /// <summary>The transport of the latest connection.</summary>
    public IMailTransport? Latest { get; private set; }

    /// <summary>Native objects of the engine.</summary>
    public NativeObjects Objects => _engine.Objects;

    public IPEndPoint Address => (IPEndPoint)_listener.EndPoint;

    public static async Task<NativeGateway> StartAsync(
        Func<MailMachine>? machine = null, TimeoutSettings? timeouts = null, NativeSettings? settings = null, byte[]? introduction = null,
        TicketKeyStore? ticketKeys = null)
    {
        Assert.True(
            NativeEngine.TryCreate(
                settings ?? new NativeSettings { Loops = 1 }, ticketKeys, TimeProvider.System, NullLoggerFactory.Instance, out var engine,
                out var obstacle),
            obstacle);
        var listener = await engine!.Transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        return new NativeGateway(
            engine, listener, new CertificateFolder(), machine ?? (static () => new TcpMachine()), timeouts ?? new TimeoutSettings())
        {
            Introduction = introduction ?? [],
        };
    }

    /// <summary>A TCP connection to the gateway.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Address).WaitAsync(Patience);
        return socket;
    }

    /// <summary>A client that completed its handshake.</summary>
    public async Task<SslStream> SecureClientAsync(SslProtocols protocols = SslProtocols.None, Func<Stream, Stream>? over = null)
    {
        var stream = new NetworkStream(await ConnectAsync(), ownsSocket: true);
        var tls = new SslStream(over?.Invoke(stream) ?? stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            EnabledSslProtocols = protocols,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(Patience);
        return tls;
    }

    /// <summary>The backend's end of the next session.</summary>
    public Task<Socket> AcceptBackendAsync() => _backends.AcceptAsync().WaitAsync(Patience);

    /// <summary>Stops accepting.</summary>
    public Task UnbindAsync() => _listener.UnbindAsync().AsTask();

    public async Task<CloseReason> EndAsync() => (await Ends.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Reason;

    public async Task<Exception> FailureAsync() => await Failures.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<TlsOutcome> HandshakeAsync() => await Handshakes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _accepting.WaitAsync(Patience);

        // Resets the backends nobody accepted, which ends their sessions.
        _backends.Dispose();
        await Task.WhenAll(_sessions).WaitAsync(Patience);

        // Sessions end on the loop, which cannot wait for itself.
        await Task.Yield();
        _engine.Dispose();
        WantsBackend.Dispose();
        _folder.Dispose();
        Assert.All(Objects.ByKind(), static counted => Assert.Equal((counted.Kind, 0), (counted.Kind, counted.Count)));
        Assert.Equal(0, Objects.HeldBytes);
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { } connection)
        {
            _sessions.Add(ServeAsync(connection));
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        await using var client = connection;
        var facts = new SessionFacts
        {
            Id = connection.ConnectionId,
            HostName = "gateway.test",
            Client = (IPEndPoint)connection.RemoteEndPoint!,
            Local = (IPEndPoint)connection.LocalEndPoint!
        };
        connection.Features.Set(new ConnectionRecord(facts, "test", "tcp", NullConnectionEvents.Instance));
        connection.Features.Set(_timeouts);
        var transport = connection.Features.GetRequiredFeature<IMailTransport>();
        Latest = transport;
        using var deadline = new CancellationTokenSource(_timeouts.Handshake);
        var handshake = await transport.SecureAsync(Policy, deadline.Token);
        Handshakes.Writer.TryWrite(handshake);
        if (handshake.Facts is not null)
        {
            await RunAsync(transport);
        }
    }

    private async Task RunAsync(IMailTransport transport)
    {
        var machine = _machine();
        ConnectionContext? backend = null;
        try
        {
            while (true)
            {
                var outcome = await transport.RunAsync(machine, backend, CancellationToken.None);
                if (outcome.Next != Next.Connect)
                {
                    if (backend is not null)
                    {
                        await backend.DisposeAsync();
                        backend = null;
                    }

                    await transport.SayGoodbyeAsync(CancellationToken.None);
                    Ends.Writer.TryWrite(outcome);
                    return;
                }

                WantsBackend.Release();
                await BackendMayConnect;
                backend = await _engine.Transport.Backends.ConnectAsync(_backends.LocalEndPoint!);
                if (Introduction.Length > 0)
                {
                    await backend.Transport.Output.WriteAsync(Introduction);
                }

                if (Terms is { } terms)
                {
                    backend = await backend.Features.GetRequiredFeature<IBackendSecurity>().SecureAsync(terms, GiveUp);
                }

                transport.Post(Signal.BackendReady);
            }
        }
        catch (Exception exception)
        {
            Failures.Writer.TryWrite(exception);
        }
        finally
        {
            if (backend is not null)
            {
                await backend.DisposeAsync();
            }
        }
    }
}
