using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Transport;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

/// <summary>The contract on real sockets, in clear until a machine asks for TLS; and what only sockets show.</summary>
public sealed class NativeEngineContractTests : EngineContract
{
    [Fact]
    public async Task A_client_that_is_lost_after_its_end_ends_the_session_at_once()
    {
        await using var rig = (NativeRig)await StartAsync();
        await rig.Client.SendAsync("ASK\r\n");
        await rig.Client.EndAsync();
        await rig.Backend.ExpectAsync("ASK\r\n");
        await rig.SeenAsync(Signal.ClientEnded);
        rig.ResetClient();
        Assert.Equal(CloseReason.ClientClosed, await rig.Ended.WaitAsync(TestClient.Patience));
        Assert.Equal([Signal.Start, Signal.BackendReady, Signal.ClientEnded, Signal.ClientLost], rig.Machine.Signals);
    }

    [Fact]
    public async Task A_client_that_is_lost_is_no_reason_to_miss_a_verdict()
    {
        await using var rig = (NativeRig)await StartAsync();
        await rig.Client.SendAsync("VERDICT\r\n");
        await rig.Backend.ExpectAsync("VERDICT\r\n");
        rig.ResetClient();
        await rig.SeenAsync(Signal.ClientLost);
        await rig.Backend.SendAsync("accepted\r\n");
        Assert.Equal(CloseReason.Completed, await rig.Ended.WaitAsync(TestClient.Patience));
    }

    private protected override async Task<EngineRig> StartAsync(Action<EngineRig>? change = null)
    {
        var rig = new NativeRig();
        change?.Invoke(rig);
        await rig.StartAsync();
        return rig;
    }

    private sealed class NativeRig : EngineRig
    {
        private readonly TestPolicy _policy = new();
        private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private NativeEngine _engine = null!;
        private IConnectionListener _listener = null!;
        private ConnectionContext _connection = null!;
        private ConnectionContext _backend = null!;
        private Socket _server = null!;

        public async Task StartAsync()
        {
            Assert.True(
                NativeEngine.TryCreate(
                    new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out var engine, out var obstacle),
                obstacle);
            _engine = engine!;
            _listener = await _engine.Transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
            await _client.ConnectAsync(_listener.EndPoint);
            _connection = (await _listener.AcceptAsync())!;
            using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            server.Listen();
            _backend = await _engine.Transport.Backends.ConnectAsync(server.LocalEndPoint!);
            _server = await server.AcceptAsync();
            _server.NoDelay = true;
            (Client, Backend) = (new ScriptedPeer(new SocketHalves(_client)), new ScriptedPeer(new SocketHalves(_server)));
            Record = TestRecords.Create();
            _connection.Features.Set(Record);
            _connection.Features.Set(Timeouts);
            Transport = _connection.Features.GetRequiredFeature<IMailTransport>();
            Ended = DriveToTheEndAsync();
        }

        public void ResetClient() => _client.Reset();

        /// <summary>Waits until the machine was told.</summary>
        public async Task SeenAsync(Signal signal)
        {
            using var patience = new CancellationTokenSource(TestClient.Patience);
            while (!Machine.HasSeen(signal))
            {
                await Task.Delay(1, patience.Token);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _client.Dispose();
            _server.Dispose();
            await _backend.DisposeAsync();
            await _listener.DisposeAsync();

            // Sessions end on the loop, which cannot wait for itself.
            await Task.Yield();
            _engine.Dispose();
            _policy.Dispose();
            Assert.Equal((0, 0, 0, 0, 0), _engine.Objects.Live);
            Assert.Equal(0, _engine.Objects.HeldBytes);
        }

        protected override ValueTask<ConnectionContext> ConnectAsync() => new(_backend);

        private async Task<CloseReason> DriveToTheEndAsync()
        {
            try
            {
                return await DriveAsync(_policy.Policy);
            }
            finally
            {
                await _connection.DisposeAsync();
            }
        }
    }
}
