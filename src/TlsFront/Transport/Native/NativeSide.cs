using System.Buffers;
using TlsFront.Handover;
using TlsFront.Protocols;

namespace TlsFront.Transport.Native;

/// <summary>
/// One peer of a session. While the session is at work its unconsumed bytes may lie in the loop's scratch; when it is not, whatever is left of
/// them is its own, <see cref="MailMachine.MaxCarry"/> at most.
/// </summary>
internal abstract class NativeSide(NativeSocket socket, EventLoop loop, byte[] scratch) : SessionSide
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Most bytes of this side's that stood in the scratch since it was cleared.</summary>
    private int _used;

    /// <summary>Whether any of them may have been credentials when it was read.</summary>
    private bool _isSensitive;

    public NativeSocket Socket => socket;

    public override int Available => _end - _start;

    public override bool Blocked => socket.Pending > 0;

    /// <summary>From this many bytes on, what was moved is sent before more is.</summary>
    public int EnoughToSend => loop.Settings.Buffer / 2;

    protected EventLoop Loop => loop;

    /// <summary>Whether a read may find something now.</summary>
    public abstract bool MayRead { get; }

    /// <summary>
    /// Receives into a pinned array what there is, up to <paramref name="capacity"/>; 0 if nothing. One batch: there may be more.
    /// </summary>
    public abstract int Fill(byte[] pinned, int offset, int capacity);

    /// <summary>Writes a batch of a transparent session, behind whatever its machine wrote, without a look at its lines.</summary>
    public abstract void Forward(ReadOnlySpan<byte> bytes);

    /// <summary>Drops what is unconsumed and what is unsent: the session ends.</summary>
    public abstract void Abandon();

    public override ReadOnlySpan<byte> Peek() => _bytes.AsSpan(_start, Available);

    public override void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Release();
        }
    }

    public override bool TryRead()
    {
        var held = Available;
        if (Ended || !MayRead || held >= MailMachine.MaxCarry || loop.Scratch.TurnBudget <= 0)
        {
            return false;
        }

        if (held > 0)
        {
            Peek().CopyTo(scratch);
            ReturnOwn();
        }

        var received = Fill(scratch, held, MailMachine.MaxCarry - held);
        loop.Scratch.TurnBudget -= received;
        if (held + received > 0)
        {
            (_bytes, _start, _end) = (scratch, 0, held + received);
            _used = Math.Max(_used, _end);
            _isSensitive |= MayHoldCredentials;
        }

        WantsMore &= received == 0;
        return received > 0 || Ended;
    }

    /// <summary>Moves what is left in the scratch to the session, because the loop turns to another one.</summary>
    public void LeaveScratch()
    {
        if (_bytes == scratch)
        {
            var rest = Peek();
            var own = ArrayPool<byte>.Shared.Rent(rest.Length);
            rest.CopyTo(own);
            WipeScratch();
            (_bytes, _start, _end) = (own, 0, rest.Length);
        }
    }

    /// <summary>
    /// How much may be read for this side at once: what may be kept if it takes nothing, or a whole batch if the kernel has ample room for it.
    /// That is asked only after <paramref name="previous"/>, the bytes moved just before, were as many as could be.
    /// </summary>
    public int Room(int previous)
    {
        var bound = loop.Settings.Buffer;
        return previous < bound ? bound : Math.Clamp(socket.SendSpace / 2, bound, loop.Scratch.BatchBytes);
    }

    /// <summary>Drops what is unconsumed, cleared because it may hold credentials.</summary>
    public void Release()
    {
        ReturnOwn();
        WipeScratch();
        (_bytes, _start, _end) = ([], 0, 0);
    }

    /// <summary>
    /// Writes what another process needs to go on with this side; false if it cannot leave this one now. Only while the loop is at another session.
    /// </summary>
    public virtual bool TryExport(StateWriter state)
    {
        if (Ended || Broken || OutputEnded || socket.Ended || socket.Broken)
        {
            return false;
        }

        state.Write(Peek());
        socket.Export(state);
        return true;
    }

    /// <summary>Goes on with what was exported. Any thread, before the loop knows of it.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public virtual void Import(ref StateReader state)
    {
        MayHoldCredentials = false;
        var unconsumed = state.ReadBytes();
        if (!unconsumed.IsEmpty)
        {
            (_bytes, _start, _end) = (ArrayPool<byte>.Shared.Rent(unconsumed.Length), 0, unconsumed.Length);
            unconsumed.CopyTo(_bytes);
        }

        socket.Import(ref state);
    }

    private void ReturnOwn()
    {
        if (_bytes.Length > 0 && _bytes != scratch)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        }
    }

    private void WipeScratch()
    {
        if (_isSensitive)
        {
            scratch.AsSpan(0, _used).Clear();
        }

        (_used, _isSensitive) = (0, false);
    }

    /// <summary>Takes over that the socket was read to its end.</summary>
    protected void TakeEnd()
    {
        Ended |= socket.Ended;
        TakeLoss();
    }

    /// <summary>Takes over that the peer was lost while it was written to, or after its end; what it sent before can still be read.</summary>
    public void TakeLoss()
    {
        Broken |= socket.Broken;
        OutputEnded |= socket.Broken || (socket.Ended && socket.HasError);
    }

    public override void EndOutput()
    {
        OutputEnded = true;
        socket.ShutdownWrite();
    }
}
