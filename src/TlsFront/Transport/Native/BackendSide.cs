namespace TlsFront.Transport.Native;

/// <summary>The backend's side: plain bytes. Small writes collect in the scratch, large ones go to the socket as they are.</summary>
internal sealed class BackendSide(NativeSocket socket, EventLoop loop) : NativeSide(socket, loop, loop.Scratch.FromBackend)
{
    /// <summary>From this size on, the copy costs more than the system call it saves.</summary>
    private const int LargeWrite = 4 * 1024;

    private int _collected;

    public override bool MayRead => Socket.Readable;

    public override int Unsent => OutputEnded ? 0 : _collected;

    public override int Fill(byte[] pinned, int offset, int capacity)
    {
        var received = Socket.Receive(pinned, offset, capacity);
        TakeEnd();
        return received;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        var scratch = Loop.Scratch.ToBackend;
        if (OutputEnded)
        {
            return;
        }

        if (bytes.Length >= LargeWrite || bytes.Length > scratch.Length - _collected)
        {
            Flush();
            Socket.Send(bytes);
            TakeLoss();
            return;
        }

        bytes.CopyTo(scratch.AsSpan(_collected));
        _collected += bytes.Length;
    }

    public override void Forward(ReadOnlySpan<byte> bytes) => Write(bytes);

    public override void Flush()
    {
        if (_collected > 0)
        {
            var collected = Loop.Scratch.ToBackend.AsSpan(0, _collected);
            _collected = 0;
            Socket.Send(collected);
            if (MayHoldCredentials)
            {
                collected.Clear();
            }

            TakeLoss();
        }
    }

    public override void Abandon()
    {
        Loop.Scratch.ToBackend.AsSpan(0, MayHoldCredentials ? _collected : 0).Clear();
        _collected = 0;
        Release();
    }
}
