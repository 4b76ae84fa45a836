using TlsFront.Tests.Transport.Native;

namespace TlsFront.Tests.Functional;

/// <summary>Passes a client's bytes on and counts the records with application data that the gateway sends.</summary>
internal sealed class RecordCounter(Stream inner) : ForwardingStream(inner)
{
    private const int HeaderLength = 5;
    private const byte ApplicationData = 23;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerLength;
    private int _bodyLeft;

    public int Records { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        for (var bytes = buffer.Span[..count]; !bytes.IsEmpty;)
        {
            bytes = bytes[Take(bytes)..];
        }

        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Inner.WriteAsync(buffer, cancellationToken);

    private int Take(ReadOnlySpan<byte> bytes)
    {
        if (_bodyLeft > 0)
        {
            var body = Math.Min(_bodyLeft, bytes.Length);
            _bodyLeft -= body;
            return body;
        }

        _header[_headerLength++] = bytes[0];
        if (_headerLength == HeaderLength)
        {
            _headerLength = 0;
            _bodyLeft = (_header[3] << 8) | _header[4];
            Records += _header[0] == ApplicationData ? 1 : 0;
        }

        return 1;
    }
}
