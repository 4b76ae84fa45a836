using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>A listening socket, watched by one loop. What it accepts belongs to that loop from then on, or to each of several in turn.</summary>
internal sealed partial class AcceptSocket : LoopHandle, ILoopWork
{
    /// <summary>Connections accepted in one turn; the socket is level-triggered, so the rest is told of again.</summary>
    private const int AcceptsPerTurn = 64;

    /// <summary>How long accepting pauses when the process or the system has no room for a connection, in milliseconds.</summary>
    private const int Pause = 250;

    /// <summary>How long accepting backs off while nobody takes what was accepted, in milliseconds.</summary>
    private const int Backoff = 10;

    private readonly Socket _socket;
    private readonly EventLoop _loop;
    private readonly EventLoop[] _serving;
    private readonly TlsContextCache _contexts;
    private readonly AcceptQueue _accepted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IPEndPoint _local;
    private readonly PauseTimer _pause;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _paused;
    private bool _full;
    private bool _crowded;
    private uint _turn;
    private volatile bool _stopping;

    /// <param name="socket">Listens already.</param>
    /// <param name="loop">Watches it.</param>
    /// <param name="serving">The loops that get what it accepts.</param>
    /// <param name="contexts">For their TLS.</param>
    /// <param name="accepted">Takes them.</param>
    /// <param name="time">Clock of the connections.</param>
    /// <param name="logger">Told when there is no room.</param>
    public AcceptSocket(
        Socket socket, EventLoop loop, EventLoop[] serving, TlsContextCache contexts, AcceptQueue accepted, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _loop = loop;
        _serving = serving;
        _contexts = contexts;
        _accepted = accepted;
        _time = time;
        _logger = logger;
        _local = (IPEndPoint)socket.LocalEndPoint!;
        _pause = new PauseTimer(this);
        Descriptor = (int)socket.Handle;
    }

    /// <summary>Begins to accept. Any thread.</summary>
    public void Start() => _loop.Post(this);

    /// <summary>Closes the socket; completes when the loop has let go of it.</summary>
    public Task StopAsync()
    {
        if (!_stopping)
        {
            _stopping = true;
            _loop.Post(this);
        }

        return _stopped.Task;
    }

    /// <summary>Starts or stops.</summary>
    public void RunOnLoop()
    {
        if (_stopping)
        {
            if (_stopped.TrySetResult())
            {
                _loop.Timers.Set(_pause, long.MaxValue);
                _loop.Unwatch(this);
                _socket.Dispose();
            }
        }
        else
        {
            Watch();
        }
    }

    public override void OnEvents(uint events)
    {
        _full = false;
        for (var i = 0; i < AcceptsPerTurn && HasRoom() && TryAccept(); i++)
        {
        }

        // Not with the first connection that fits: at the limit one leaves and one comes all the time, and the log would tell of each.
        if (_paused && !_full)
        {
            _paused = false;
            ThreadPool.UnsafeQueueUserWorkItem(static self => Log.Resumed(self._logger, self._local), this, preferLocal: false);
        }
    }

    private void Watch()
    {
        if (_loop.Watch(this, Linux.EventIn))
        {
            // Not only when the next client comes: that there is room again is told by a call that finds nobody.
            OnEvents(Linux.EventIn);
        }
        else
        {
            // The kernel has no memory for the registration; nothing else would ever wake this socket.
            _loop.Timers.Set(_pause, _loop.Now + Pause);
        }
    }

    /// <summary>Whether somebody takes what is accepted. One who is busy with those of another loop is back by the next turn.</summary>
    private bool HasRoom()
    {
        if (_accepted.HasRoom)
        {
            _crowded = false;
            return true;
        }

        if (_crowded)
        {
            _loop.Unwatch(this);
            _loop.Timers.Set(_pause, _loop.Now + Backoff);
        }

        _crowded = true;
        return false;
    }

    private unsafe bool TryAccept()
    {
        // Safe: the kernel writes at most as much as it is told there is room for.
        var address = stackalloc byte[Linux.AddressBytes];
        var length = Linux.AddressBytes;
        var descriptor = Libc.Accept(Descriptor, address, &length, Linux.SocketFlags);
        if (descriptor < 0)
        {
            NoteFailure(Marshal.GetLastPInvokeError());
            return false;
        }

        var remote = SocketAddresses.Read(new ReadOnlySpan<byte>(address, length), _local.AddressFamily);
        var loop = _serving[_turn++ % _serving.Length];
        var connection = new NativeConnection(new NativeSocket(descriptor, _loop.Objects), loop, _contexts, _time, LocalAddress(descriptor), remote);
        connection.Enter();
        if (!_accepted.TryAdd(connection))
        {
            connection.Leave();
        }

        return true;
    }

    private unsafe IPEndPoint? LocalAddress(int descriptor)
    {
        if (!_local.Address.Equals(IPAddress.Any) && !_local.Address.Equals(IPAddress.IPv6Any))
        {
            return _local;
        }

        // Safe: as in TryAccept.
        var address = stackalloc byte[Linux.AddressBytes];
        var length = Linux.AddressBytes;
        return Libc.GetLocalAddress(descriptor, address, &length) == 0
            ? SocketAddresses.Read(new ReadOnlySpan<byte>(address, length), _local.AddressFamily)
            : _local;
    }

    private void NoteFailure(int error)
    {
        // Everything else concerns the one connection, which is gone, or says that there is none.
        if (error is not (Linux.TooManyFiles or Linux.TooManyFilesSystem or Linux.NoMemory or Linux.NoBuffers))
        {
            return;
        }

        _full = true;
        _loop.Unwatch(this);
        _loop.Timers.Set(_pause, _loop.Now + Pause);
        if (!_paused)
        {
            _paused = true;
            var reason = Marshal.GetPInvokeErrorMessage(error);
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => Log.Paused(state.Self._logger, state.Self._local, state.Reason), (Self: this, Reason: reason), preferLocal: false);
        }
    }

    private sealed class PauseTimer(AcceptSocket socket) : LoopTimer
    {
        public override void OnDue() => socket.Watch();
    }

    private static partial class Log
    {
        [LoggerMessage(
            700, LogLevel.Error, "Paused accepting on {Address}: {Reason}. Raise the limit of open files (LimitNOFILE), two for each session",
            EventName = "AcceptPaused")]
        public static partial void Paused(ILogger logger, IPEndPoint address, string reason);

        [LoggerMessage(701, LogLevel.Information, "Resumed accepting on {Address}", EventName = "AcceptResumed")]
        public static partial void Resumed(ILogger logger, IPEndPoint address);
    }
}
