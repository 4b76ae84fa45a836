using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;
using TlsFront.Transport.Native.Tls;
using ConnectionIds = TlsFront.Connections.ConnectionId;

namespace TlsFront.Transport.Native;

/// <summary>
/// A client's connection. Middlewares call it from the thread pool; each call leaves a command and wakes the loop, which does everything else.
/// </summary>
internal sealed class NativeConnection : ConnectionContext, IMailTransport, ISocketOwner, ILoopWork
{
    private const int SecureCommand = 1;
    private const int RunCommand = 2;
    private const int LookCommand = 4;
    private const int StopHandshakeCommand = 8;
    private const int AbortCommand = 16;
    private const int DisposeCommand = 32;
    private const int PeekCommand = 64;
    private const int StopPeekCommand = 128;
    private const int EnterCommand = 256;
    private const int WatchCommand = 512;

    private readonly TlsContextCache _contexts;
    private readonly TimeProvider _time;
    private readonly ClientSide _client;
    private readonly LoopCompletion<Outcome> _ran = new();
    private LoopCompletion<TlsOutcome>? _secured;
    private CancellationTokenRegistration _stop;
    private HangUpWatch? _hangUp;
    private SignalQueue _signals;
    private string? _id;
    private IDictionary<object, object?>? _items;
    private int _commands;
    private int _running;
    private bool _aborted;
    private NativePeek? _peek;
    private TlsPolicy? _policy;
    private NativeHandshake? _handshake;
    private NativeSession? _session;
    private NativeBackend? _backend;

    public NativeConnection(NativeSocket socket, EventLoop loop, TlsContextCache contexts, TimeProvider time, EndPoint? local, EndPoint? remote)
    {
        Loop = loop;
        _contexts = contexts;
        _time = time;
        _client = new ClientSide(socket, loop);
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        Features.Set<IMailTransport>(this);
    }

    /// <summary>The loop that owns it.</summary>
    public EventLoop Loop { get; }

    public override string ConnectionId
    {
        get => _id ??= ConnectionIds.Next(_time.GetUtcNow());
        set => _id = value;
    }

    public override IFeatureCollection Features { get; } = new FeatureCollection(8);

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>There is no pipe: bytes never leave the loop.</summary>
    public override IDuplexPipe Transport
    {
        get => throw new NotSupportedException("Connections of the native engine are used through IMailTransport.");
        set => throw new NotSupportedException("Connections of the native engine are used through IMailTransport.");
    }

    /// <summary>Between runs only, and from when it is first asked for.</summary>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            if (_hangUp is null)
            {
                _hangUp = new HangUpWatch(_client.Socket);
                Command(WatchCommand);
            }

            return _hangUp.Closed;
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop)
    {
        _peek ??= new NativePeek(_client.Socket, Loop);
        var shown = _peek.Next(atLeast);
        Command(PeekCommand);
        await using var registration = stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(StopPeekCommand), this);
        return await shown;
    }

    public void Skip(int count) => _peek!.Skip(count);

    public ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop)
    {
        _policy = policy;
        _secured = new LoopCompletion<TlsOutcome>();
        var secured = _secured.Next();
        _stop = stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(StopHandshakeCommand), this);
        Command(SecureCommand);
        return secured;
    }

    public ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop)
    {
        if (_session is null)
        {
            _session = new NativeSession(
                this, _client, machine, Features.GetRequiredFeature<ConnectionRecord>(), Features.GetRequiredFeature<TimeoutSettings>(), _time);
            if (_session.TryStart(out var first))
            {
                return new ValueTask<Outcome>(first);
            }
        }

        _backend = (NativeBackend?)backend;
        var ran = _ran.Next();
        _stop = stop.UnsafeRegister(static state => ((NativeConnection)state!).Command(AbortCommand), this);
        Command(RunCommand);
        return ran;
    }

    public void Post(Signal signal)
    {
        // Between runs the next one finds it. The fences of Add here and of the loop's exchange leave no gap.
        _signals.Add(signal);
        if (Volatile.Read(ref _running) != 0)
        {
            Command(LookCommand);
        }
    }

    public override void Abort(ConnectionAbortedException abortReason) => Command(AbortCommand | StopHandshakeCommand | StopPeekCommand);

    public override ValueTask DisposeAsync()
    {
        Leave();
        return base.DisposeAsync();
    }

    /// <summary>Joins its loop, before it is given to anybody: another's may have accepted it. Any thread.</summary>
    public void Enter() => Command(EnterCommand);

    /// <summary>Closes it. Any thread.</summary>
    public void Leave() => Command(DisposeCommand);

    /// <summary>Takes the oldest signal.</summary>
    public bool TryTakeSignal(out Signal signal) => _signals.TryTake(out signal);

    /// <summary>Puts the rest of the session's work off until others had their turn.</summary>
    public void GoOnLater()
    {
        Interlocked.Or(ref _commands, LookCommand);
        Loop.PutOff(this);
    }

    void ISocketOwner.OnSocketReady() => OnSocketReady();

    /// <summary>Something may be possible that was not.</summary>
    public void OnSocketReady()
    {
        if (_running != 0)
        {
            Work();
        }
        else if (_handshake is { } handshake)
        {
            handshake.Queue();
        }
        else
        {
            _peek?.Look();
            _hangUp?.Look();
        }
    }

    /// <summary>Carries out the commands left.</summary>
    public void RunOnLoop()
    {
        var commands = Interlocked.Exchange(ref _commands, 0);
        if ((commands & DisposeCommand) != 0)
        {
            Free();
            return;
        }

        if ((commands & EnterCommand) != 0)
        {
            _client.Socket.Attach(Loop, this);
        }

        _aborted |= (commands & AbortCommand) != 0;
        if (_peek is { } peek)
        {
            CarryOut(peek, commands);
        }

        if ((commands & SecureCommand) != 0)
        {
            _handshake = new NativeHandshake(this, _client, _policy!, _contexts);
            _handshake.Queue();
        }

        if ((commands & StopHandshakeCommand) != 0)
        {
            _handshake?.Stop();
        }

        if ((commands & RunCommand) != 0)
        {
            Run();
        }
        else if (_running != 0)
        {
            Work();
        }
        else
        {
            _hangUp?.Look();
        }
    }

    /// <summary>Ends the handshake.</summary>
    public void HandshakeDone(TlsOutcome outcome) => TakeSecured().Complete(outcome);

    /// <summary>Ends the handshake by a failure of our own.</summary>
    public void HandshakeFailed(Exception exception)
    {
        Loop.Scratch.Bio.ClearOutput();
        TakeSecured().Fail(exception);
    }

    /// <summary>The call to answer. A handshake is made once: nothing of it stays with the connection.</summary>
    private LoopCompletion<TlsOutcome> TakeSecured()
    {
        var secured = _secured!;
        _secured = null;
        _handshake = null;
        _policy = null;
        _stop.Unregister();
        return secured;
    }

    /// <summary>What concerns the bytes before TLS; it is over once something else reads the socket.</summary>
    private void CarryOut(NativePeek peek, int commands)
    {
        peek.TakeSkipped();
        if ((commands & PeekCommand) != 0)
        {
            peek.Start();
        }

        if ((commands & StopPeekCommand) != 0)
        {
            peek.Stop();
        }

        if ((commands & (SecureCommand | RunCommand)) != 0)
        {
            _peek = null;
        }
    }

    private void Run()
    {
        Interlocked.Exchange(ref _running, 1);
        try
        {
            End(_session!.Start(_backend, _aborted));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Work()
    {
        try
        {
            End(_session!.Work(_aborted));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void End(Outcome? outcome)
    {
        if (outcome is { } done)
        {
            Volatile.Write(ref _running, 0);
            _stop.Unregister();
            _ran.Complete(done);
        }
    }

    /// <summary>A machine failed: that ends its session, which logs it, and no other.</summary>
    private void Fail(Exception exception)
    {
        Loop.Scratch.Bio.ClearOutput();
        Loop.Scratch.BackendBio.ClearOutput();
        _session?.Free();
        Volatile.Write(ref _running, 0);
        _stop.Unregister();
        _ran.Fail(exception);
    }

    private void Command(int command)
    {
        if (Interlocked.Or(ref _commands, command) == 0)
        {
            Loop.Post(this);
        }
    }

    private void Free()
    {
        _session?.Free();
        _handshake = null;
        _client.Socket.Close();
        _client.Free();
        _hangUp?.Dispose();
        _hangUp = null;
    }
}
