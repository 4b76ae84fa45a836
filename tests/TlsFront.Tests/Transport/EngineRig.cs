using System.IO.Pipelines;
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

    public ScriptedMachine Machine { get; } = new();

    public CancellationTokenSource Abort { get; } = new();

    public ScriptedPeer Client { get; protected set; } = null!;

    public ScriptedPeer Backend { get; protected set; } = null!;

    public IMailTransport Transport { get; protected set; } = null!;

    /// <summary>The connection's record.</summary>
    public ConnectionRecord Record { get; protected set; } = null!;

    /// <summary>How the session ended.</summary>
    public Task<CloseReason> Ended { get; protected set; } = null!;

    public virtual async ValueTask DisposeAsync()
    {
        await Abort.CancelAsync();
        await Ended.WaitAsync(TestClient.Patience);
        Abort.Dispose();
    }

    /// <summary>Connects the engine's side of a new backend connection.</summary>
    protected abstract ValueTask<ConnectionContext> ConnectAsync();

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
                        backend = FailFirstConnect ? null : await ConnectAsync();
                        Transport.Post(backend is null ? Signal.BackendLost : Signal.BackendReady);
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
                        return outcome.Reason;
                }
            }
        }
        finally
        {
            if (backend is not null)
            {
                await backend.DisposeAsync();
            }
        }
    }

    protected static ScriptedPeer Peer(IDuplexPipe pipe) => new(pipe);
}
