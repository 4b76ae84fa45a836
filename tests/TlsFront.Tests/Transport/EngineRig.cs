using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Tls;
using TlsFront.Transport;

namespace TlsFront.Tests.Transport;

/// <summary>One session on one engine between two scripted peers, driven as the gateway does.</summary>
internal abstract class EngineRig : IAsyncDisposable
{
    public TimeoutSettings Timeouts { get; set; } = new() { Linger = TimeSpan.FromMilliseconds(100) };

    public bool FailFirstConnect { get; set; }

    /// <summary>Completed by a test in which the backend takes its time.</summary>
    public Task BackendMayConnect { get; set; } = Task.CompletedTask;

    public ScriptedMachine Machine { get; set; } = new();

    public CancellationTokenSource Abort { get; } = new();

    public ScriptedPeer Client { get; protected set; } = null!;

    public ScriptedPeer Backend { get; protected set; } = null!;

    public IMailTransport Transport { get; protected set; } = null!;

    /// <summary>The connection's record.</summary>
    public ConnectionRecord Record { get; protected set; } = null!;

    /// <summary>Set once the session has said that it wants a backend.</summary>
    public TaskCompletionSource WantsBackend { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How the session ended, after the goodbye.</summary>
    public Task<CloseReason> Ended { get; protected set; } = null!;

    public virtual async ValueTask DisposeAsync()
    {
        await Abort.CancelAsync();
        await Ended.WaitAsync(TestClient.Patience);
        Abort.Dispose();
    }

    /// <summary>The client talks to the backend until the session ends.</summary>
    public async Task TalkAsync()
    {
        while (!Ended.IsCompleted)
        {
            await Client.SendAsync("more");
            await Backend.ExpectAsync("more");
        }
    }

    /// <summary>Connects the engine's side of a new backend connection.</summary>
    protected abstract ValueTask<ConnectionContext> ConnectAsync();

    /// <summary>Closes it.</summary>
    protected virtual ValueTask CloseAsync(ConnectionContext backend) => backend.DisposeAsync();

    /// <summary>The gateway's loop, without its log.</summary>
    protected async Task<CloseReason> DriveAsync(TlsPolicy policy)
    {
        ConnectionContext? backend = null;
        try
        {
            while (true)
            {
                var outcome = await Transport.RunAsync(Machine, backend, Abort.Token);
                switch (outcome.Next)
                {
                    case Next.Connect:
                        WantsBackend.TrySetResult();
                        await BackendMayConnect;
                        backend = FailFirstConnect ? null : await ConnectAsync();
                        Transport.Post(backend is null ? Signal.BackendLost : Signal.BackendReady);
                        break;
                    case Next.Disconnect when backend is not null:
                        await CloseAsync(backend);
                        backend = null;
                        break;
                    case Next.Secure:
                        var secured = await Transport.SecureAsync(policy, Abort.Token);
                        if (secured.Facts is null)
                        {
                            return secured.Failure;
                        }

                        Transport.Post(Signal.Secured);
                        break;
                    default:
                        if (backend is not null)
                        {
                            await CloseAsync(backend);
                            backend = null;
                        }

                        await Transport.SayGoodbyeAsync(Abort.Token);
                        return outcome.Reason;
                }
            }
        }
        finally
        {
            if (backend is not null)
            {
                await CloseAsync(backend);
            }
        }
    }
}
