using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;
using TlsFront.Tls;
using TlsFront.Transport;
using TlsFront.Transport.Managed;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport;

/// <summary>One accepted connection of an engine, on a real socket.</summary>
internal sealed class ConnectionRig : IAsyncDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly NativeEngine? _engine;
    private IConnectionListener _listener = null!;
    private ConnectionContext _connection = null!;

    private ConnectionRig(NativeEngine? engine) => _engine = engine;

    public Socket Client { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public IMailTransport Transport { get; private set; } = null!;

    public static async Task<ConnectionRig> StartAsync(bool isNative)
    {
        NativeEngine? engine = null;
        Assert.True(
            !isNative
                || NativeEngine.TryCreate(
                    new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out engine, out _));
        var factory = engine?.Transport.Listeners
            ?? new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var rig = new ConnectionRig(engine) { _listener = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)) };
        await rig.Client.ConnectAsync(rig._listener.EndPoint);
        rig._connection = (await rig._listener.AcceptAsync())!;
        rig.Transport = rig._connection.Features.Get<IMailTransport>()
            ?? new ManagedMailTransport(rig._connection, TestRecords.Create(), new TimeoutSettings(), TimeProvider.System);
        return rig;
    }

    public async Task SendAsync(string text) => await Client.SendAsync(Encoding.Latin1.GetBytes(text)).WaitAsync(TestClient.Patience);

    public async Task<string> PeekAsync(int atLeast, CancellationToken stop = default) =>
        Encoding.Latin1.GetString((await Transport.PeekAsync(atLeast, stop).AsTask().WaitAsync(TestClient.Patience, Never)).Span);

    public async Task<bool> SkipAndSecureAsync(int count, TestPolicy policy)
    {
        await PeekAsync(count);
        Transport.Skip(count);
        return (await Transport.SecureAsync(policy.Policy, Never).AsTask().WaitAsync(TestClient.Patience)).Facts is not null;
    }

    public async Task<TlsOutcome> SecureAsync(TlsPolicy policy) =>
        await Transport.SecureAsync(policy, Never).AsTask().WaitAsync(TestClient.Patience);

    public void Abort() => _connection.Abort(new ConnectionAbortedException());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _connection.DisposeAsync();
        if (Transport is IAsyncDisposable managed and not ConnectionContext)
        {
            await managed.DisposeAsync();
        }

        await _listener.DisposeAsync();
        _engine?.Dispose();
        Assert.Equal((0, 0, 0, 0, 0), _engine?.Objects.Live ?? default);
    }
}
