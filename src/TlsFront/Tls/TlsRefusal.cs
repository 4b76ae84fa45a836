using TlsFront.Connections;

namespace TlsFront.Tls;

/// <summary>Why a client is refused before any handshake, and what it is told.</summary>
/// <param name="Reason">The reason for log and metrics.</param>
/// <param name="Alert">The fatal alert the client gets; null when it does not speak TLS.</param>
/// <param name="Detail">The refusal in an operator's words.</param>
internal sealed record TlsRefusal(CloseReason Reason, TlsAlert? Alert, string Detail)
{
    /// <summary>The JA4 fingerprint of the hello that was refused; null if there was none.</summary>
    public string? Ja4 { get; init; }

    /// <summary>The handshake's end.</summary>
    public TlsOutcome Outcome => new(null, Reason, Detail) { Ja4 = Ja4 };

    /// <summary>
    /// The alert as a plaintext record: nothing is encrypted before the first key. The version is 1.2's, as RFC 8446 section 5.1 asks of
    /// every record; clients of any version read it.
    /// </summary>
    public static byte[] Record(TlsAlert alert) => [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, (byte)alert];
}
