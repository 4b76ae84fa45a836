using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native;

/// <summary>
/// Looks at a client's first bytes with MSG_PEEK: they stay in the kernel, so whatever is not skipped is what the session reads first, and nothing
/// has to be kept or given back. Made only for connections that are looked at.
/// </summary>
internal sealed class NativePeek(NativeSocket socket, EventLoop loop)
{
    /// <summary>Shown at once if it is there, though fewer bytes are asked for: nearly every PROXY header is shorter.</summary>
    private const int Usual = 512;

    private readonly LoopCompletion<ReadOnlyMemory<byte>> _shown = new();
    private int _atLeast;
    private int _toSkip;
    private bool _waiting;

    /// <summary>Asks for bytes; the command to <see cref="Start"/> follows. Middleware's thread.</summary>
    public ValueTask<ReadOnlyMemory<byte>> Next(int atLeast)
    {
        _atLeast = atLeast;
        return _shown.Next();
    }

    /// <summary>Drops bytes before the next command is carried out. Middleware's thread.</summary>
    public void Skip(int count) => _toSkip += count;

    /// <summary>Carries out what concerns it. Loop's thread, as all that follows.</summary>
    public void CarryOut(ConnectionCommand commands)
    {
        TakeSkipped();
        if (commands.HasFlag(ConnectionCommand.Peek))
        {
            Start();
        }

        if (commands.HasFlag(ConnectionCommand.StopPeek))
        {
            Stop();
        }
    }

    /// <summary>Begins to wait.</summary>
    private void Start()
    {
        _waiting = true;
        Check();
    }

    /// <summary>Shows the bytes if enough are there, or if no more will be.</summary>
    public void Check()
    {
        if (!_waiting)
        {
            return;
        }

        // Before the call: with the hang-up noted, everything the client sent is there.
        var ended = socket.HungUp;
        var count = Receive(Math.Max(_atLeast, Usual), Linux.Peek);
        if (count >= _atLeast || ended)
        {
            Show(count);
        }
    }

    /// <summary>Shows what there is: the deadline passed, or the connection is to end.</summary>
    private void Stop()
    {
        if (_waiting)
        {
            Show(Receive(Math.Max(_atLeast, Usual), Linux.Peek));
        }
    }

    /// <summary>Takes what is to be skipped out of the kernel.</summary>
    private void TakeSkipped()
    {
        while (_toSkip > 0 && Receive(Math.Min(_toSkip, loop.Scratch.CipherIn.Length), 0) is > 0 and var taken)
        {
            _toSkip -= taken;
        }
    }

    private void Show(int count)
    {
        _waiting = false;
        _shown.Complete(loop.Scratch.CipherIn.AsMemory(0, count).ToArray());
    }

    /// <summary>
    /// Receives into the loop's scratch. 0 also where the call fails: whatever is wrong with the socket, its next reader will find it.
    /// </summary>
    private unsafe int Receive(int capacity, int flags)
    {
        // Safe: the scratch is pinned and larger than what is asked for.
        var buffer = loop.Scratch.CipherIn;
        return Math.Max(0, (int)Libc.Receive(socket.Descriptor, LoopScratch.AddressOf(buffer, 0), Math.Min(capacity, buffer.Length), flags));
    }
}
