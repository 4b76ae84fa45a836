using TlsFront.Tls;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// Handshake messages of TLS 1.2 once its handshake is over. There is but one that a peer may send: the wish for another handshake, a ClientHello or
/// a server's HelloRequest (RFC 5246 sections 7.4.1.1 and 7.4.1.2). It may come in pieces, with nothing between them. What else it says is skipped.
/// </summary>
/// <param name="isFromClient">Whether the peer is the client.</param>
internal struct RenegotiationReader(bool isFromClient)
{
    private const byte HelloRequest = 0;
    private const byte ClientHello = 1;
    private const int HeaderLength = 4;

    private int _headerRead;
    private int _left;

    /// <summary>Whether a message began and did not end.</summary>
    public readonly bool IsWithinMessage => _headerRead > 0;

    /// <summary>Reads what a record holds; the alert that ends the connection, or null.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="isRequest">Whether a wish ended with it, or more than one.</param>
    public TlsAlert? Read(ReadOnlySpan<byte> content, out bool isRequest)
    {
        isRequest = false;
        if (content.IsEmpty)
        {
            return TlsAlert.UnexpectedMessage;
        }

        while (!content.IsEmpty)
        {
            if (_headerRead < HeaderLength)
            {
                // Type, then length in three octets.
                var octet = content[0];
                content = content[1..];
                if (_headerRead == 0 && octet != (isFromClient ? ClientHello : HelloRequest))
                {
                    return TlsAlert.UnexpectedMessage;
                }

                _left = _headerRead++ == 0 ? 0 : (_left << 8) | octet;
            }
            else
            {
                var skipped = Math.Min(_left, content.Length);
                content = content[skipped..];
                _left -= skipped;
            }

            if (_headerRead == HeaderLength && _left > 0 && !isFromClient)
            {
                return TlsAlert.DecodeError;
            }

            if (_headerRead == HeaderLength && _left == 0)
            {
                (_headerRead, isRequest) = (0, true);
            }
        }

        return null;
    }
}
