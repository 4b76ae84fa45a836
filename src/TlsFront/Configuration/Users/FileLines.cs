namespace TlsFront.Configuration.Users;

/// <summary>The lines of a file, one after the other, in a buffer that does not grow with them.</summary>
/// <param name="stream">The file.</param>
internal sealed class FileLines(Stream stream)
{
    /// <summary>Most octets of a line, far more than the longest user, backend and destination take.</summary>
    public const int MaxLength = 4096;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Number of the line read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Octets read of the file.</summary>
    public long Octets { get; private set; }

    /// <summary>Whether the line read last is longer than <see cref="MaxLength"/>; its beginning was returned.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the line read last has no end: the file's last one, which its writer may not have finished.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Reads a line, without its end; false if there is no more. Valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (IsTooLong)
        {
            Skip();
        }

        for (var searched = 0; ;)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest[searched..].IndexOf((byte)'\n');
            length = length < 0 ? -1 : searched + length;
            IsTooLong = length > MaxLength || (length < 0 && rest.Length > MaxLength);
            if (length >= 0 || IsTooLong)
            {
                line = rest[..(IsTooLong ? MaxLength : length)];
                _start += IsTooLong ? MaxLength : length + 1;
                Number++;
                return true;
            }

            searched = rest.Length;
            if (!Fill())
            {
                IsUnfinished = searched > 0;
                line = _buffer.AsSpan(_start, searched);
                _start = _end;
                Number += IsUnfinished ? 1 : 0;
                return IsUnfinished;
            }
        }
    }

    /// <summary>Skips what is left of a line that is too long.</summary>
    private void Skip()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            _start = _end;
            if (!Fill())
            {
                return;
            }
        }

        _start += length + 1;
    }

    /// <summary>Reads on; false at the end of the file.</summary>
    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        Octets += read;
        return read > 0;
    }
}
