using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TlsFront.Configuration;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native;

/// <summary>
/// One thread with one epoll set that owns its connections: nothing of theirs is touched by another thread, so nothing is locked.
/// A turn is: wait, events, work from other threads, work put off, a bounded number of handshakes, timers.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private const int EventsPerTurn = 256;

    /// <summary>A turn that takes longer is a stall, in milliseconds: people begin to notice, and nothing a loop does should come near it.</summary>
    private const int StallMilliseconds = 50;

    private readonly TimeProvider _time;
    private readonly int _epoll;
    private readonly int _wake;
    private readonly EpollEvents _events = new(EventsPerTurn);
    private readonly ConcurrentQueue<ILoopWork> _posted = new();
    private readonly Dictionary<ulong, LoopHandle> _handles = [];
    private readonly Queue<ILoopWork> _handshakes = new();
    private readonly Thread _thread;
    private Queue<ILoopWork> _later = new();
    private Queue<ILoopWork> _sooner = new();
    private ulong _lastToken;
    private int _waiting;
    private long _turnEnded;
    private long _stalls;
    private volatile bool _stopping;

    public EventLoop(int index, NativeSettings settings, TimeProvider time, NativeObjects objects)
    {
        _time = time;
        Objects = objects;
        Settings = settings;
        _epoll = Check(Libc.EpollCreate(Linux.EpollCloseOnExec));
        _wake = Check(Libc.EventDescriptor(0, Linux.EventDescriptorFlags));

        // Edge-triggered: every write to the eventfd is an event, and none has to be read.
        _ = EpollEvents.Add(_epoll, _wake, Linux.EventIn | Linux.EventEdgeTriggered, 0);
        objects.Descriptor(2);
        Now = _turnEnded = Milliseconds();
        Timers = new TimerWheel(Now);
        Scratch = new LoopScratch(settings.Buffer, objects);
        _thread = new Thread(Run) { Name = $"tlsfront loop {index}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where native objects are counted.</summary>
    public NativeObjects Objects { get; }

    public NativeSettings Settings { get; }

    /// <summary>Working memory for the session at work.</summary>
    public LoopScratch Scratch { get; }

    /// <summary>Deadlines.</summary>
    public TimerWheel Timers { get; }

    /// <summary>Monotonic milliseconds as of this turn.</summary>
    public long Now { get; private set; }

    /// <summary>Turns that kept every session of the loop waiting for more than 50 ms. Any thread.</summary>
    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>Whether the caller is the loop's thread.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    /// <summary>Hands work to the loop. Any thread.</summary>
    public void Post(ILoopWork work)
    {
        _posted.Enqueue(work);
        Wake();
    }

    /// <summary>Puts work off to the end of this turn, so that others come first. Loop's thread.</summary>
    public void PutOff(ILoopWork work) => _later.Enqueue(work);

    /// <summary>Queues a step of a handshake. Loop's thread.</summary>
    public void QueueHandshake(ILoopWork step) => _handshakes.Enqueue(step);

    /// <summary>Watches a descriptor. Loop's thread.</summary>
    public bool Watch(LoopHandle handle, uint events)
    {
        handle.Token = ++_lastToken;
        _handles.Add(handle.Token, handle);
        if (EpollEvents.Add(_epoll, handle.Descriptor, events, handle.Token))
        {
            return true;
        }

        Forget(handle);
        return false;
    }

    /// <summary>Ends watching a descriptor that stays open. Loop's thread.</summary>
    public void Unwatch(LoopHandle handle)
    {
        if (handle.Token != 0)
        {
            EpollEvents.Remove(_epoll, handle.Descriptor);
            Forget(handle);
        }
    }

    /// <summary>Ends watching a descriptor that is closed next, which ends its registration. Loop's thread.</summary>
    public void Forget(LoopHandle handle)
    {
        _handles.Remove(handle.Token);
        handle.Token = 0;
    }

    /// <summary>Ends the thread; connections must have been disposed before.</summary>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread, which cannot wait for itself.</exception>
    public void Dispose()
    {
        if (IsCurrent)
        {
            throw new InvalidOperationException("An event loop is ended by another thread.");
        }

        _stopping = true;
        Volatile.Write(ref _waiting, 1);
        Wake();
        _thread.Join();
        Scratch.Dispose();
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wake);
        Objects.Descriptor(-2);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The event loop cannot start: {Marshal.GetLastPInvokeErrorMessage()}.");

    private long Milliseconds() => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private unsafe void Wake()
    {
        // The full fence of the exchange orders the queue before the flag, as the loop orders the flag before its look at the queue.
        if (Interlocked.Exchange(ref _waiting, 0) == 1)
        {
            ulong one = 1;
            _ = Libc.Write(_wake, &one, sizeof(ulong));
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                RunOnce();
            }

            DoPosted();
        }
        catch (Exception exception)
        {
            // Its sessions cannot go on and nobody would notice: a supervisor restarts a process, not a thread.
            Environment.FailFast("An event loop of the native engine failed.", exception);
        }
    }

    private void RunOnce()
    {
        var count = Wait();
        Now = Milliseconds();
        for (var i = 0; i < count; i++)
        {
            var (events, token) = _events[i];
            if (_handles.TryGetValue(token, out var handle))
            {
                handle.OnEvents(events);
            }
        }

        DoPosted();
        (_sooner, _later) = (_later, _sooner);
        while (_sooner.TryDequeue(out var work))
        {
            work.RunOnLoop();
        }

        for (var i = 0; i < Settings.HandshakesPerTurn && _handshakes.TryDequeue(out var step); i++)
        {
            step.RunOnLoop();
        }

        Timers.Advance(Now);
        _turnEnded = Milliseconds();
        if (_turnEnded - Now > StallMilliseconds)
        {
            // Nobody else writes it.
            Volatile.Write(ref _stalls, _stalls + 1);
        }
    }

    private int Wait()
    {
        if (_later.Count > 0 || _handshakes.Count > 0)
        {
            return Math.Max(0, _events.Wait(_epoll, 0));
        }

        Interlocked.Exchange(ref _waiting, 1);
        var count = _posted.IsEmpty ? _events.Wait(_epoll, Timers.UntilNext(_turnEnded)) : 0;
        Volatile.Write(ref _waiting, 0);
        if (count < 0 && Marshal.GetLastPInvokeError() != Linux.Interrupted)
        {
            throw new UnreachableException($"epoll_wait failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return Math.Max(0, count);
    }

    private void DoPosted()
    {
        // As many as there are now: what they post in turn waits for the next turn, after new events.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var work); left--)
        {
            work.RunOnLoop();
        }
    }
}
