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
internal sealed class PipeSide : SessionSide
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly WakeSignal _wake;
    private readonly Action _onRead;
    private readonly Action _onFlushed;
    private ValueTaskAwaiter<ReadResult> _read;
    private ValueTaskAwaiter<FlushResult> _flush;
    private ReadOnlySequence<byte> _buffer;
    private byte[]? _rented;
    private bool _holdsBuffer;
    private bool _flushing;
    private int _unsent;
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

    public override int Available => (int)Math.Min(Length, MailMachine.MaxCarry);

    public override bool Blocked => _flushing;

    public override int Unsent => OutputEnded ? 0 : _unsent;

    /// <summary>Bytes that may still be read without a look at anything else; below that a read that is over at once only wakes the loop.</summary>
    public int ReadBudget { get; set; }

    public override ReadOnlySpan<byte> Peek()
    {
        var buffer = _buffer.Length > MailMachine.MaxCarry ? _buffer.Slice(0, MailMachine.MaxCarry) : _buffer;
        if (buffer.IsSingleSegment)
        {
            return buffer.FirstSpan;
        }

        var length = (int)buffer.Length;
        _rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(_rented);
        return _rented.AsSpan(0, length);
    }

    public override void Consume(int count)
    {
        if (_rented is not null)
        {
            // Cleared because it may hold credentials.
            ArrayPool<byte>.Shared.Return(_rented, clearArray: true);
            _rented = null;
        }

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
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (!OutputEnded)
        {
            _writer.Write(bytes);
            _unsent += bytes.Length;
        }
    }

    /// <summary>Starts reading unless a read is under way, the peer ended, or the unconsumed bytes reach the bound.</summary>
    public void StartRead()
    {
        if (TryReadNow())
        {
            _wake.Set();
        }
    }

    /// <summary>Starts sending what was written, if anything.</summary>
    public void StartFlush()
    {
        if (_unsent == 0 || Blocked || OutputEnded)
        {
            return;
        }

        _unsent = 0;
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
            _flushing = true;
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
                _flushing = false;
                OutputEnded |= _flush.GetResult().IsCompleted;
            }
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Broken = OutputEnded = true;
        }
    }

    public override void Flush() => StartFlush();

    public override bool TryRead()
    {
        if (!TryReadNow())
        {
            return false;
        }

        ReadBudget -= (int)Length;
        if (ReadBudget > 0)
        {
            return true;
        }

        _wake.Set();
        return false;
    }

    public override void EndOutput()
    {
        OutputEnded = true;
        _writer.Complete();
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

    /// <summary>Starts reading; true if bytes or an end were there at once.</summary>
    private bool TryReadNow()
    {
        if (_reading || Ended || Length >= MailMachine.MaxCarry)
        {
            return false;
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
                return true;
            }

            _read = awaiter;
            _readDone = false;
            _reading = true;
            awaiter.UnsafeOnCompleted(_onRead);
            return false;
        }
        catch (Exception exception) when (IsPeerGone(exception))
        {
            Break();
            return true;
        }
    }

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
