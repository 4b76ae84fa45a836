using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>
/// A client's connection. Each call of a middleware leaves a command and wakes the loop, which does everything else and where middlewares go on.
/// </summary>
internal sealed class NativeConnection : NativeConnectionContext, IMailTransport, ILoopBound, ISocketOwner, ILoopWork
{
    private readonly TlsContextCache _contexts;
    private readonly ClientSide _client;
    private LoopCompletion<TlsOutcome>? _secured;
    private LoopCompletion<IFrozenSession?>? _freezing;
    private CancellationTokenRegistration _stopHandshake;
    private DisconnectWatcher? _watcher;
    private SignalQueue _signals;
    private CommandBits _commands;
    private bool _aborted;
    private NativePeek? _peek;
    private TlsPolicy? _policy;
    private NativeHandshake? _handshake;
    private SessionRun? _run;

    public NativeConnection(NativeSocket socket, EventLoop loop, TlsContextCache contexts, TimeProvider time, EndPoint? local, EndPoint? remote)
        : base(time)
    {
        Loop = loop;
        _contexts = contexts;
        _client = new ClientSide(socket, loop);
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        Features.Set<IMailTransport>(this);
    }

    /// <summary>Whether another process accepted it.</summary>
    public bool IsAdopted { get; private set; }

    /// <summary>The loop that owns it.</summary>
    public EventLoop Loop { get; }

    public CancellationToken ClientLeft
    {
        get
        {
            _watcher ??= new DisconnectWatcher(_client, Loop);
            if (!_watcher.Left.IsCancellationRequested)
            {
                // Anew for each who asks: the end may have come, and been taken, while the session was at work.
                Command(ConnectionCommand.Watch);
            }

            return _watcher.Left;
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop)
    {
        _peek ??= new NativePeek(_client.Socket, Loop);
        var shown = _peek.Next(atLeast);
        Command(ConnectionCommand.Peek);
        await using var registration = stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(ConnectionCommand.StopPeek), this);
        return await shown;
    }

    public ValueTask EnterLoopAsync() => LoopEntry.EnterAsync(Loop);

    public bool SpeaksLegacyTls => true;

    public void Skip(int count) => _peek!.Skip(count);

    public ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop)
    {
        _policy = policy;
        _secured = new LoopCompletion<TlsOutcome>();
        var secured = _secured.Next();
        _stopHandshake = stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(ConnectionCommand.StopHandshake), this);
        Command(ConnectionCommand.Secure);
        if (stop.IsCancellationRequested)
        {
            // Set before, it may have been carried out when there was nothing to stop.
            Command(ConnectionCommand.StopHandshake);
        }

        return secured;
    }

    public ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop)
    {
        if (_run is null)
        {
            var session = new NativeSession(
                this, _client, machine, Features.GetRequiredFeature<ConnectionRecord>(), Features.GetRequiredFeature<TimeoutSettings>(), Time);
            _run = new SessionRun(session);
            if (session.TryStart(out var first))
            {
                return new ValueTask<Outcome>(first);
            }
        }

        var outcome = _run.Next((NativeBackend?)backend, AbortOn(stop));
        Command(ConnectionCommand.Run);
        return outcome;
    }

    public ValueTask SayGoodbyeAsync(CancellationToken stop)
    {
        if (_run is not { HasSaidGoodbye: false })
        {
            return ValueTask.CompletedTask;
        }

        var said = _run.NextGoodbye(AbortOn(stop));
        Command(ConnectionCommand.Run);
        return said;
    }

    public ValueTask<IFrozenSession?> FreezeAsync()
    {
        _freezing = new LoopCompletion<IFrozenSession?>();
        var frozen = _freezing.Next();
        Command(ConnectionCommand.Freeze);
        return frozen;
    }

    public void Post(Signal signal)
    {
        // Between runs the next one finds it. The fences of Add here and of the loop's exchange leave no gap.
        _signals.Add(signal);
        if (_run is { IsRunning: true })
        {
            Command(ConnectionCommand.GoOn);
        }
    }

    public override void Abort(ConnectionAbortedException abortReason) =>
        Command(ConnectionCommand.Abort | ConnectionCommand.StopHandshake | ConnectionCommand.StopPeek);

    public override ValueTask DisposeAsync()
    {
        Leave();
        return base.DisposeAsync();
    }

    /// <summary>Joins its loop, before it is given to anybody: another's may have accepted it. Any thread.</summary>
    public void Enter() => Command(ConnectionCommand.Enter);

    /// <summary>Goes on with a session that was frozen. Any thread.</summary>
    public void Thaw() => Command(ConnectionCommand.Thaw);

    /// <summary>Drops a session that was frozen: another process has it. Any thread.</summary>
    public void Release() => Command(ConnectionCommand.Release);

    /// <summary>Goes on with what another process exported. Before <see cref="Enter"/>.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public void Import(ref StateReader state)
    {
        IsAdopted = true;
        _client.Import(ref state);
    }

    /// <summary>Closes it. Any thread.</summary>
    public void Leave() => Command(ConnectionCommand.Dispose);

    /// <summary>Takes the oldest signal.</summary>
    public bool TryTakeSignal(out Signal signal) => _signals.TryTake(out signal);

    /// <summary>Puts the rest of the session's work off until others had their turn.</summary>
    public void GoOnLater()
    {
        _commands.Add(ConnectionCommand.GoOn);
        Loop.PutOff(this);
    }

    /// <summary>Something may be possible that was not.</summary>
    public void OnSocketReady()
    {
        if (_run is { IsRunning: true })
        {
            _run.Work(_aborted);
        }
        else if (_handshake is { } handshake)
        {
            handshake.Queue();
        }
        else
        {
            _peek?.Check();
            _watcher?.Check();
        }
    }

    /// <summary>Carries out the commands left.</summary>
    public void RunOnLoop()
    {
        var commands = _commands.Take();
        if (commands.HasFlag(ConnectionCommand.Dispose))
        {
            TakeFreezing()?.Complete(null);
            Free();
            return;
        }

        if (commands.HasFlag(ConnectionCommand.Enter))
        {
            _client.Socket.Attach(Loop, this);
        }

        _aborted |= commands.HasFlag(ConnectionCommand.Abort);
        _peek?.CarryOut(commands);
        if ((commands & (ConnectionCommand.Secure | ConnectionCommand.Run)) != ConnectionCommand.None)
        {
            // Something else reads the socket from here on.
            _peek = null;
        }

        if (commands.HasFlag(ConnectionCommand.Secure))
        {
            _handshake = new NativeHandshake(this, _client, _policy!, _contexts);
            _handshake.Queue();
        }

        if (commands.HasFlag(ConnectionCommand.StopHandshake))
        {
            _handshake?.Stop();
        }

        if (commands.HasFlag(ConnectionCommand.Release))
        {
            _run!.Release();
        }
        else if (commands.HasFlag(ConnectionCommand.Thaw))
        {
            _run!.Thaw(_aborted);
        }
        else if (commands.HasFlag(ConnectionCommand.Run))
        {
            _run!.Start(_aborted);
        }
        else if (_run is { IsRunning: true })
        {
            _run.Work(_aborted);
        }
        else
        {
            _watcher?.Check();
        }

        if (commands.HasFlag(ConnectionCommand.Freeze))
        {
            Freeze();
        }
    }

    /// <summary>Ends the handshake.</summary>
    public void HandshakeDone(TlsOutcome outcome) => TakeSecured().Complete(outcome);

    /// <summary>Ends the handshake by a failure of our own.</summary>
    public void HandshakeFailed(Exception exception) => TakeSecured().Fail(exception);

    /// <summary>The call to answer. A handshake is made once: nothing of it stays with the connection.</summary>
    private LoopCompletion<TlsOutcome> TakeSecured()
    {
        var secured = _secured!;
        _secured = null;
        _handshake = null;
        _policy = null;
        _stopHandshake.Unregister();
        return secured;
    }

    private LoopCompletion<IFrozenSession?>? TakeFreezing()
    {
        var freezing = _freezing;
        _freezing = null;
        return freezing;
    }

    private void Freeze()
    {
        if (TakeFreezing() is not { } freezing)
        {
            return;
        }

        var state = new StateWriter();
        if (_run is { } run && run.TryFreeze(state))
        {
            var (client, backend) = run.Descriptors;
            freezing.Complete(new FrozenNativeSession(this, state, client, backend));
        }
        else
        {
            state.Dispose();
            freezing.Complete(null);
        }
    }

    private CancellationTokenRegistration AbortOn(CancellationToken stop) =>
        stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(ConnectionCommand.Abort), this);

    private void Command(ConnectionCommand command)
    {
        if (_commands.Add(command))
        {
            Loop.Post(this);
        }
    }

    private void Free()
    {
        _run?.Free();
        _handshake = null;
        _client.Socket.Close();
        _client.Free();
        _watcher?.Dispose();
        _watcher = null;
    }
}
