using TlsFront.Tls;

namespace TlsFront.Transport.Native.Records;

/// <summary>
/// Handshake messages that a client sends once the handshake is over. There is but one that a server did not ask for, KeyUpdate (RFC 8446 section
/// 4.6.3). It may come in pieces, but with nothing between them, and nothing behind it in its record: that would have been encrypted with a key that
/// is no more (RFC 8446 section 5.1).
/// </summary>
internal struct KeyUpdateReader
{
    private const byte KeyUpdate = 24;
    private const int MessageLength = 5;

    private int _read;

    /// <summary>Whether a message began and did not end.</summary>
    public readonly bool IsWithinMessage => _read > 0;

    /// <summary>Reads what a record holds; the alert that ends the connection, or null.</summary>
    /// <param name="content">Its content.</param>
    /// <param name="isUpdate">Whether a KeyUpdate ended with it.</param>
    /// <param name="isRequest">Whether that wants one in return.</param>
    public TlsAlert? Read(ReadOnlySpan<byte> content, out bool isUpdate, out bool isRequest)
    {
        (isUpdate, isRequest) = (false, false);
        if (content.IsEmpty)
        {
            return TlsAlert.UnexpectedMessage;
        }

        foreach (var octet in content)
        {
            // Type, length in three octets, update_requested or not.
            switch (_read)
            {
                case 0 when octet != KeyUpdate:
                case MessageLength:
                    return TlsAlert.UnexpectedMessage;
                case 1 or 2 when octet != 0:
                case 3 when octet != 1:
                    return TlsAlert.DecodeError;
                case 4 when octet > 1:
                    return TlsAlert.IllegalParameter;
                case 4:
                    isRequest = octet == 1;
                    break;
            }

            _read++;
        }

        if (_read == MessageLength)
        {
            (_read, isUpdate) = (0, true);
        }

        return null;
    }
}
