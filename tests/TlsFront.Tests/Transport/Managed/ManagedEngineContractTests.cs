using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;
using TlsFront.Tests.Functional;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Transport.Managed;

public sealed class ManagedEngineContractTests : EngineContract
{
    private protected override Task<EngineRig> StartAsync(Action<EngineRig>? change = null)
    {
        var rig = new ManagedRig();
        change?.Invoke(rig);
        rig.Start();
        return Task.FromResult<EngineRig>(rig);
    }

    private sealed class ManagedRig : EngineRig
    {
        private readonly IDuplexPipe _backend;
        private readonly TestPolicy _policy = new();
        private ManagedMailTransport? _transport;

        public ManagedRig()
        {
            var (near, far) = DuplexPipes.CreatePair();
            _backend = near;
            Backend = new ScriptedPeer(far);
        }

        public void Start()
        {
            var (near, far) = DuplexPipes.CreatePair();
            Client = new ScriptedPeer(far);
            Record = TestRecords.Create();
            _transport = new ManagedMailTransport(new DefaultConnectionContext("1", near, far), Record, Timeouts, TimeProvider.System);
            Transport = _transport;
            Ended = DriveToTheEndAsync(near);
        }

        /// <summary>What the host does when the pipeline of a connection returns.</summary>
        private async Task<CloseReason> DriveToTheEndAsync(IDuplexPipe client)
        {
            var reason = await DriveAsync(_policy.Policy);
            await client.Output.CompleteAsync();
            await client.Input.CompleteAsync();
            return reason;
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _transport!.DisposeAsync();
            _policy.Dispose();
        }

        protected override async ValueTask CloseAsync(ConnectionContext backend)
        {
            await backend.Transport.Output.CompleteAsync();
            await backend.Transport.Input.CompleteAsync();
        }

        protected override ValueTask<ConnectionContext> ConnectAsync() => new(new DefaultConnectionContext("2", _backend, _backend));
    }
}
