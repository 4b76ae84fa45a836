using System.Text;

namespace TlsFront.Benchmarks.Load;

/// <summary>Lines and counted octets out of a <see cref="Wire"/>.</summary>
internal sealed class WireReader(Wire wire)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line, without its end; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        for (var searched = 0; ;)
        {
            var unread = _buffer.AsSpan(_start, _end - _start);
            var length = unread[searched..].IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += searched;
                _start += length + 1;
                return unread[..length].TrimEnd((byte)'\r');
            }

            searched = unread.Length;
            Fill();
        }
    }

    /// <summary>Reads a line that begins with <paramref name="start"/>.</summary>
    public void Expect(ReadOnlySpan<byte> start)
    {
        var line = ReadLine();
        if (!line.StartsWith(start))
        {
            throw new LoadException($"expected '{Encoding.Latin1.GetString(start)}', got '{Encoding.Latin1.GetString(line)}'");
        }
    }

    /// <summary>Reads an SMTP reply of one or more lines.</summary>
    public void ExpectReply(ReadOnlySpan<byte> code)
    {
        ReadOnlySpan<byte> line;
        do
        {
            line = ReadLine();
        }
        while (line.StartsWith(code) && line.Length > 3 && line[3] == '-');

        if (!line.StartsWith(code))
        {
            throw new LoadException($"expected {Encoding.Latin1.GetString(code)}, got '{Encoding.Latin1.GetString(line)}'");
        }
    }

    /// <summary>Reads up to as many octets as fit; at least one.</summary>
    public int Read(Span<byte> into)
    {
        if (_start == _end)
        {
            Fill();
        }

        var count = Math.Min(into.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(into);
        _start += count;
        return count;
    }

    /// <summary>Reads as many octets as fit.</summary>
    public void ReadExactly(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            into = into[Read(into)..];
        }
    }

    /// <summary>Reads and forgets <paramref name="count"/> octets.</summary>
    public void Skip(long count)
    {
        while (true)
        {
            var taken = (int)Math.Min(count, _end - _start);
            _start += taken;
            count -= taken;
            if (count == 0)
            {
                return;
            }

            Fill();
        }
    }

    /// <summary>Reads and forgets what comes until the peer ends; the number of octets.</summary>
    public long SkipToEnd()
    {
        long skipped = _end - _start;
        for (int read; (read = wire.Read(_buffer)) > 0;)
        {
            skipped += read;
        }

        _start = _end = 0;
        return skipped;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var read = _end < _buffer.Length ? wire.Read(_buffer.AsSpan(_end)) : throw new LoadException("line too long");
        _end += read > 0 ? read : throw new LoadException("the peer ended");
    }
}
