using TlsFront.Handover;

namespace TlsFront.Transport.Native;

/// <summary>
/// The runs of a session: a middleware asks for one, the loop starts it, works on it and answers. One at a time; the last is the goodbye.
/// </summary>
internal sealed class SessionRun(NativeSession session)
{
    private readonly LoopCompletion<Outcome> _completion = new();
    private CancellationTokenRegistration _stop;
    private NativeBackend? _backend;
    private int _running;
    private bool _isFrozen;

    /// <summary>Whether the loop has one to work on. Any thread.</summary>
    public bool IsRunning => Volatile.Read(ref _running) != 0;

    /// <summary>Whether the client took its leave, or had the time for it.</summary>
    public bool HasSaidGoodbye => session.HasSaidGoodbye;

    /// <summary>Asks for a run; the command to <see cref="Start"/> follows. Middleware's thread.</summary>
    /// <param name="backend">The backend it has from now on; null while it has none.</param>
    /// <param name="stop">Registered for this run alone.</param>
    public ValueTask<Outcome> Next(NativeBackend? backend, CancellationTokenRegistration stop)
    {
        (_backend, _stop) = (backend, stop);
        return _completion.Next();
    }

    /// <summary>Asks for the goodbye; the command to <see cref="Start"/> follows. Middleware's thread.</summary>
    /// <param name="stop">Registered for this run alone.</param>
    public ValueTask NextGoodbye(CancellationTokenRegistration stop)
    {
        (_backend, _stop) = (null, stop);
        return _completion.NextEnd();
    }

    /// <summary>Begins the run asked for. Loop's thread, as all that follows.</summary>
    public void Start(bool aborted)
    {
        Interlocked.Exchange(ref _running, 1);
        try
        {
            End(session.Start(_backend, aborted));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Stops it for another process, if it can go there: nothing is read or written until <see cref="Thaw"/>.</summary>
    public bool TryFreeze(StateWriter state)
    {
        if (_isFrozen || !IsRunning || !session.TryFreeze(state))
        {
            return false;
        }

        return _isFrozen = true;
    }

    /// <summary>Goes on as if it had not been stopped.</summary>
    public void Thaw(bool aborted)
    {
        _isFrozen = false;
        session.Thaw();
        Work(aborted);
    }

    /// <summary>Ends it without a word: another process has it.</summary>
    public void Release()
    {
        _isFrozen = false;
        End(session.Release());
    }

    /// <summary>Goes on with it.</summary>
    public void Work(bool aborted)
    {
        if (_isFrozen)
        {
            return;
        }

        try
        {
            End(session.Work(aborted));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>The sockets of the client and the backend.</summary>
    public (int Client, int Backend) Descriptors => session.Descriptors;

    /// <summary>Drops whatever the session holds.</summary>
    public void Free() => session.Free();

    private void End(Outcome? outcome)
    {
        if (outcome is { } done)
        {
            Stop();
            _completion.Complete(done);
        }
    }

    /// <summary>A machine failed: that ends its session, which logs it, and no other.</summary>
    private void Fail(Exception exception)
    {
        session.ClearScratch();
        session.Free();
        Stop();
        _completion.Fail(exception);
    }

    private void Stop()
    {
        Volatile.Write(ref _running, 0);
        _stop.Unregister();
    }
}
