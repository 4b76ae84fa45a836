using System.Runtime.InteropServices;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>OpenSSL's reason for a failed handshake in an operator's words.</summary>
internal static class TlsFailure
{
    /// <summary>Reasons from here on are alerts the client sent (SSL_AD_REASON_OFFSET).</summary>
    private const int AlertOffset = 1000;

    private const int NoSharedGroup = 101; // SSL_R_NO_SUITABLE_KEY_SHARE
    private const int NoSuitableGroups = 295; // SSL_R_NO_SUITABLE_GROUPS
    private const int NoSharedCipher = 193; // SSL_R_NO_SHARED_CIPHER

    public static TlsOutcome Describe(ulong error)
    {
        // ERR_GET_REASON of OpenSSL 3: the low bits, without the two flags on top of them.
        var reason = error == ulong.MaxValue ? 0 : (int)(error & 0x3FFFF);
        return reason switch
        {
            > AlertOffset and < AlertOffset + 256 => new(null, CloseReason.TlsHandshakeFailed, DescribeAlert(reason - AlertOffset)),
            NoSharedGroup or NoSuitableGroups => new(null, CloseReason.TlsHandshakeFailed, "client and gateway share no key exchange group"),
            NoSharedCipher => new(null, CloseReason.TlsNoSharedCipher, "client and gateway share no cipher suite"),
            _ => new(null, CloseReason.TlsHandshakeFailed, $"handshake failed: {Text(error)}"),
        };
    }

    private static string DescribeAlert(int alert) => alert switch
    {
        42 => "client rejects our certificate: bad certificate",
        43 => "client rejects our certificate: unsupported type",
        44 => "client rejects our certificate: revoked",
        45 => "client rejects our certificate: expired",
        46 => "client rejects our certificate: certificate unknown",
        48 => "client rejects our certificate: unknown CA",
        40 => "client ended the handshake: handshake failure",
        70 => "client ended the handshake: protocol version",
        71 => "client ended the handshake: insufficient security",
        80 => "client ended the handshake: internal error",
        90 => "client ended the handshake: cancelled by its user",
        _ => $"client ended the handshake with alert {alert}",
    };

    /// <summary>OpenSSL's own words.</summary>
    public static unsafe string Text(ulong error)
    {
        // Safe: OpenSSL's reason strings are constant.
        var text = error == ulong.MaxValue ? null : OpenSsl.ERR_reason_error_string(error);
        return text is null ? "OpenSSL gives no reason" : Marshal.PtrToStringUTF8((nint)text)!;
    }
}
