using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using TlsFront.Protocols;

// CA2012: the awaiters are kept because the loop, not a state machine, takes the results; each is taken exactly once.
#pragma warning disable CA2012

namespace TlsFront.Transport.Managed;

/// <summary>
/// One peer of a session as the loop sees it: at most one read and one flush under way, each of which wakes the loop when it
/// completes. Only the loop touches it.
/// </summary>
internal sealed class PipeSide
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly WakeSignal _wake;
    private readonly Action _onRead;
    private readonly Action _onFlushed;
    private ValueTaskAwaiter<ReadResult> _read;
    private ValueTaskAwaiter<FlushResult> _flush;
    private ReadOnlySequence<byte> _buffer;
    private bool _holdsBuffer;
    private bool _unflushed;
    private bool _reading;
    private volatile bool _readDone;
    private volatile bool _flushDone;

    public PipeSide(IDuplexPipe pipe, WakeSignal wake)
    {
        _reader = pipe.Input;
        _writer = pipe.Output;
        _wake = wake;
        _onRead = OnRead;
        _onFlushed = OnFlushed;
    }

    /// <summary>Bytes received and not consumed.</summary>
    public long Length => _holdsBuffer ? _buffer.Length : 0;

    /// <summary>Whether the peer will send nothing more; what it sent before may still be unconsumed.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the peer went away without an orderly close.</summary>
    public bool Broken { get; private set; }

    /// <summary>Whether the peer has not yet taken what was written to it.</summary>
    public bool Blocked { get; private set; }

    /// <summary>Whether nothing more can be written: we ended our half, or the peer is gone.</summary>
    public bool OutputEnded { get; private set; }

    /// <summary>Set when the machine consumed nothing and waits for more bytes than there are.</summary>
    public bool WantsMore { get; set; }

    /// <summary>Set when the machine asked for <see cref="Next.Hold"/>; cleared when the other side or a signal moved.</summary>
    public bool Held { get; set; }

    /// <summary>Whether its end was told to the machine.</summary>
    public bool EndTold { get; set; }

    /// <summary>Whether there is something to offer to the machine.</summary>
    public bool Offers => Length > 0 && !Held && !WantsMore;

    /// <summary>Whether it ended and the machine has seen all it sent; what it holds back it will still see.</summary>
    public bool HasEnded => Ended && (Length == 0 || WantsMore);

    /// <summary>Unconsumed bytes as one span, <see cref="MailMachine.MaxCarry"/> at most; <paramref name="rented"/> goes back with <see cref="Return"/>.</summary>
    public ReadOnlySpan<byte> Peek(out byte[]? rented)
    {
        rented = null;
        var buffer = _buffer.Length > MailMachine.MaxCarry ? _buffer.Slice(0, MailMachine.MaxCarry) : _buffer;
        if (buffer.IsSingleSegment)
        {
            return buffer.FirstSpan;
        }

        var length = (int)buffer.Length;
        rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(rented);
        return rented.AsSpan(0, length);
    }

    /// <summary>Gives back what <see cref="Peek"/> rented, cleared because it may hold credentials.</summary>
    public static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Drops consumed bytes.</summary>
    public void Consume(int count)
    {
        if (count > 0)
        {
            _buffer = _buffer.Slice(count);
        }
    }

    /// <summary>Writes all unconsumed bytes to <paramref name="other"/> and returns how many.</summary>
    public long ForwardTo(PipeSide other)
    {
        var length = _buffer.Length;
        foreach (var segment in _buffer)
        {
            other.Write(segment.Span);
        }

        _buffer = _buffer.Slice(_buffer.End);
        return length;
    }

    /// <summary>Queues bytes for the next <see cref="StartFlush"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!OutputEnded)
        {
            _writer.Write(bytes);
            _unflushed = true;
        }
    }

    /// <summary>Starts reading unless a read is under way, the peer ended, or the unconsumed bytes reach the bound.</summary>
    public void StartRead()
    {
        if (_reading || Ended || Length >= MailMachine.MaxCarry)
        {
            return;
        }

        try
        {
            if (_holdsBuffer)
            {
                _reader.AdvanceTo(_buffer.Start, _buffer.End);
                _holdsBuffer = false;
            }

            var awaiter = _reader.ReadAsync().GetAwaiter();
            if (awaiter.IsCompleted)
            {
                TakeRead(awaiter);
                _wake.Set();
                return;
            }

            _read = awaiter;
            _readDone = false;
            _reading = true;
            awaiter.UnsafeOnCompleted(_onRead);
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Break();
            _wake.Set();
        }
    }

    /// <summary>Starts sending what was written, if anything.</summary>
    public void StartFlush()
    {
        if (!_unflushed || Blocked || OutputEnded)
        {
            return;
        }

        _unflushed = false;
        try
        {
            var awaiter = _writer.FlushAsync().GetAwaiter();
            if (awaiter.IsCompleted)
            {
                OutputEnded |= awaiter.GetResult().IsCompleted;
                return;
            }

            _flush = awaiter;
            _flushDone = false;
            Blocked = true;
            awaiter.UnsafeOnCompleted(_onFlushed);
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Broken = OutputEnded = true;
        }
    }

    /// <summary>Takes in whatever completed since the last look.</summary>
    public void Poll()
    {
        try
        {
            if (_reading && _readDone)
            {
                _reading = false;
                TakeRead(_read);
            }
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Break();
        }

        try
        {
            if (Blocked && _flushDone)
            {
                Blocked = false;
                OutputEnded |= _flush.GetResult().IsCompleted;
            }
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Broken = OutputEnded = true;
        }
    }

    /// <summary>Ends our half of the connection.</summary>
    public ValueTask EndOutputAsync()
    {
        OutputEnded = true;
        return _writer.CompleteAsync();
    }

    /// <summary>Hands the unconsumed bytes back to the pipe as if never seen, for a layer that reads it from here on.</summary>
    public void HandBack()
    {
        if (_reading)
        {
            throw new InvalidOperationException("A machine may ask for TLS only in answer to the client.");
        }

        if (_holdsBuffer)
        {
            _reader.AdvanceTo(_buffer.Start);
            _holdsBuffer = false;
        }
    }

    private static bool IsPeerGone(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private void OnRead()
    {
        _readDone = true;
        _wake.Set();
    }

    private void OnFlushed()
    {
        _flushDone = true;
        _wake.Set();
    }

    private void TakeRead(ValueTaskAwaiter<ReadResult> awaiter)
    {
        var result = awaiter.GetResult();
        _buffer = result.Buffer;
        _holdsBuffer = true;
        WantsMore = false;
        Ended |= result.IsCompleted;
    }

    private void Break() => Ended = Broken = OutputEnded = true;
}
