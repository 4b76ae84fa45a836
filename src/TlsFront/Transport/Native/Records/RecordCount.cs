namespace TlsFront.Transport.Native.Records;

/// <summary>
/// Counts the records that one side protected in a handshake of TLS 1.2: those behind its ChangeCipherSpec. That they are one, its Finished, is not
/// sure: a client may cut that into as many as it has octets. Whatever passes is looked at, in whatever pieces.
/// </summary>
internal struct RecordCount
{
    private const int NonceLength = sizeof(ulong);

    private ContentType _type;
    private int _read;
    private int _length;
    private ulong _nonce;

    /// <summary>Whether it said that it protects what follows.</summary>
    public bool IsProtected { get; private set; }

    /// <summary>How many records it protected since.</summary>
    public ulong Count { get; private set; }

    /// <summary>Eight octets in front of the last one's body: the explicit part of its nonce, if the suite has one (RFC 5288 section 3).</summary>
    public ulong LastNonce { get; private set; }

    /// <summary>Whether a record began and did not end.</summary>
    public readonly bool IsWithinRecord => _read > 0;

    /// <summary>Looks at what follows.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var taken = 1;
            switch (_read)
            {
                case 0:
                    (_type, _length) = ((ContentType)bytes[0], RecordHeader.Length);
                    break;
                case 3:
                    _length += bytes[0] << 8;
                    break;
                case 4:
                    _length += bytes[0];
                    break;
                case >= RecordHeader.Length and < RecordHeader.Length + NonceLength:
                    _nonce = (_nonce << 8) | bytes[0];
                    break;
                case >= RecordHeader.Length:
                    taken = Math.Min(_length - _read, bytes.Length);
                    break;
            }

            _read += taken;
            bytes = bytes[taken..];
            if (_read >= RecordHeader.Length && _read == _length)
            {
                End();
            }
        }
    }

    private void End()
    {
        _read = 0;
        if (IsProtected)
        {
            Count++;
            LastNonce = _nonce;
        }

        IsProtected |= _type == ContentType.ChangeCipherSpec;
    }
}
