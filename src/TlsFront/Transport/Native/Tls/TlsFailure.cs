using System.Runtime.InteropServices;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// OpenSSL's reason for a failed handshake in an operator's words. What the ClientHello alone decides was decided, and told, before OpenSSL saw it.
/// </summary>
internal static class TlsFailure
{
    /// <summary>The client said close_notify, which is no error to OpenSSL.</summary>
    public const ulong Closed = ulong.MaxValue;

    /// <summary>Reasons from here on are alerts the client sent (SSL_AD_REASON_OFFSET).</summary>
    private const int AlertOffset = 1000;

    /// <summary>ERR_LIB_SSL; other libraries give their own meaning to the same numbers.</summary>
    private const ulong TlsLibrary = 20;

    /// <summary>Whether an error is one of the TLS layer and not of what it is built on.</summary>
    public static bool IsOfTls(ulong error) => ((error >> 23) & 0xFF) == TlsLibrary;

    /// <summary>Whether a client sent no certificate where one is required (SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE).</summary>
    public static bool IsMissingCertificate(ulong error) => error != Closed && IsOfTls(error) && (error & 0x7FFFFF) == 199;

    public static TlsOutcome Describe(ulong error)
    {
        if (error == Closed)
        {
            return new(null, CloseReason.TlsClientLeft, "client left during the handshake, with a goodbye");
        }

        // ERR_GET_REASON of OpenSSL 3, with the flags that mark reasons common to all libraries.
        return (IsOfTls(error) ? (int)(error & 0x7FFFFF) : 0) switch
        {
            var alert and >= AlertOffset and < AlertOffset + 256 => Failed(DescribeAlert(alert - AlertOffset)),

            // SSL_R_NO_SHARED_CIPHER
            193 => TlsOutcome.NoSharedCipher,

            // SSL_R_NO_SUITABLE_KEY_SHARE, NO_SUITABLE_GROUPS, NO_SHARED_GROUPS
            101 or 295 or 410 => Failed("client and gateway share no key exchange group"),

            // SSL_R_INAPPROPRIATE_FALLBACK
            373 => Failed(
                "client tries again with an older TLS version than both could speak (TLS_FALLBACK_SCSV); "
                + "something on its way may break the newer one"),

            // SSL_R_WRONG_VERSION_NUMBER, BAD_RECORD_TYPE
            267 or 443 => Failed("client stopped speaking TLS in the middle of the handshake"),

            // SSL_R_UNEXPECTED_MESSAGE, UNEXPECTED_RECORD, APP_DATA_IN_HANDSHAKE, CCS_RECEIVED_EARLY, UNEXPECTED_CCS_MESSAGE,
            // INVALID_CCS_MESSAGE, BAD_CHANGE_CIPHER_SPEC
            244 or 245 or 100 or 133 or 262 or 260 or 103 => Failed("client sent a message out of its turn"),

            // SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, DECRYPTION_FAILED, DIGEST_CHECK_FAILED
            281 or 147 or 149 =>
                Failed("client's message does not decrypt: it was damaged on its way, or client and gateway disagree about the keys"),

            // SSL_R_PACKET_LENGTH_TOO_LONG, ENCRYPTED_LENGTH_TOO_LONG, DATA_LENGTH_TOO_LONG, EXCESSIVE_MESSAGE_SIZE
            198 or 150 or 146 or 152 => Failed("client sent a message longer than TLS allows"),

            // SSL_R_BAD_ECPOINT, BAD_KEY_SHARE, WRONG_CURVE
            306 or 108 or 378 => Failed("client sent an invalid key share"),

            // SSL_R_LENGTH_MISMATCH, BAD_EXTENSION, BAD_LENGTH, BAD_PACKET
            159 or 110 or 271 or 240 => Failed("client sent a malformed message"),
            _ => Failed($"handshake failed: {Text(error)}"),
        };
    }

    private static TlsOutcome Failed(string detail) => new(null, CloseReason.TlsHandshakeFailed, detail);

    /// <summary>What an alert means when a client sends it (RFC 8446 section 6.2, RFC 5246 section 7.2.2, RFC 7507, RFC 7301).</summary>
    private static string DescribeAlert(int alert) => alert switch
    {
        42 => "client rejects our certificate: bad certificate",
        43 => "client rejects our certificate: unsupported type",
        44 => "client rejects our certificate: revoked",
        45 => "client rejects our certificate: expired",
        46 => "client rejects our certificate: certificate unknown",
        48 => "client rejects our certificate: unknown CA",
        113 => "client rejects our certificate: bad OCSP response",
        10 => "client ended the handshake: unexpected message",
        20 or 21 => "client ended the handshake: our message did not decrypt",
        22 => "client ended the handshake: record too long",
        40 => "client ended the handshake: handshake failure",
        47 => "client ended the handshake: illegal parameter",
        49 => "client ended the handshake: access denied",
        50 => "client ended the handshake: it could not read our message",
        51 => "client ended the handshake: our signature or key did not verify",
        70 => "client ended the handshake: protocol version",
        71 => "client ended the handshake: insufficient security",
        80 => "client ended the handshake: internal error",
        86 => "client ended the handshake: inappropriate fallback to an older TLS version",
        90 => "client ended the handshake: cancelled by its user",
        109 => "client ended the handshake: missing extension",
        110 => "client ended the handshake: unsupported extension",
        112 => "client ended the handshake: unrecognized name",
        116 => "client ended the handshake: certificate required",
        120 => "client ended the handshake: no common application protocol",
        _ => $"client ended the handshake with alert {alert}",
    };

    /// <summary>OpenSSL's own words.</summary>
    public static unsafe string Text(ulong error)
    {
        // Safe: OpenSSL's reason strings are constant.
        var text = error == 0 ? null : OpenSsl.ERR_reason_error_string(error);
        return text is null ? "OpenSSL gives no reason" : Marshal.PtrToStringUTF8((nint)text)!;
    }
}
