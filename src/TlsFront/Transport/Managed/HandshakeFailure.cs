using System.Security.Authentication;
using System.Security.Cryptography;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Transport.Managed;

/// <summary>Turns what <see cref="System.Net.Security.SslStream"/> and transports throw in a handshake into reasons and words.</summary>
internal static class HandshakeFailure
{
    /// <summary>OpenSSL reports an alert it received as this reason plus the alert's number.</summary>
    private const int AlertReason = 1000;

    /// <summary>SSL_R_NO_SHARED_CIPHER of the library ERR_LIB_SSL, as both stand in an error of OpenSSL 3.</summary>
    private const int NoSharedCipher = (20 << 23) | 193;

    /// <summary>The reason's bits in an error of OpenSSL 1.1.1 and 3 alike.</summary>
    private const int ReasonMask = 0xFFF;

    /// <summary>The outcome for <paramref name="exception"/>; null if it is none of those a handshake may end with, hence a bug.</summary>
    public static TlsOutcome? Classify(Exception exception, CancellationToken stop) => exception switch
    {
        _ when stop.IsCancellationRequested => new TlsOutcome(null, CloseReason.TlsHandshakeTimeout, "client did not complete the handshake in time"),
        AuthenticationException when exception.GetBaseException() is CryptographicException { HResult: NoSharedCipher } => TlsOutcome.NoSharedCipher,
        AuthenticationException => new TlsOutcome(null, CloseReason.TlsHandshakeFailed, Words(exception)),
        // A reset; an abort by the transport arrives as a cancellation; SslStream reports an end of the stream as an IOException.
        IOException or OperationCanceledException => new TlsOutcome(null, CloseReason.TlsClientLeft, "client left during the handshake"),
        _ => null,
    };

    /// <summary>
    /// Whether SslStream could make nothing of a record. It looks for the type of a handshake message without asking whether there is one:
    /// an empty record ends in an index out of range.
    /// </summary>
    public static bool IsOfRecords(Exception exception) =>
        exception is IndexOutOfRangeException || (exception is AuthenticationException && exception.GetBaseException() is AuthenticationException);

    private static string Words(Exception exception)
    {
        var cause = exception.GetBaseException();
        var alert = cause is CryptographicException ? (cause.HResult & ReasonMask) - AlertReason : -1;
        return alert switch
        {
            42 or 43 or 44 or 45 or 46 or 48 => $"client rejected the certificate: alert {alert} ({AlertName(alert)})",
            70 or 71 or 40 => $"client rejected the terms: alert {alert} ({AlertName(alert)})",
            >= 0 and <= byte.MaxValue => $"client sent alert {alert}",
            _ => $"handshake failed: {Reason(cause.Message)}",
        };
    }

    private static string AlertName(int alert) => alert switch
    {
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        48 => "unknown_ca",
        70 => "protocol_version",
        _ => "insufficient_security",
    };

    /// <summary>The reason out of OpenSSL's <c>error:CODE:LIBRARY:FUNCTION:REASON</c>; other texts as they are.</summary>
    private static string Reason(string message) =>
        message.StartsWith("error:", StringComparison.Ordinal) ? message[(message.LastIndexOf(':') + 1)..] : message;
}
