using TlsFront.Connections;

namespace TlsFront.Tls;

/// <summary>Result of a handshake: facts, or the reason there are none.</summary>
/// <param name="Facts">What was negotiated; null on failure.</param>
/// <param name="Failure">Why it failed; <see cref="CloseReason.None"/> on success.</param>
/// <param name="Detail">The failure in an operator's words, such as "client offers at most TLS 1.0", or null.</param>
/// <param name="Route">The route of the name the client asked for, as far as it said so; null if there is none.</param>
internal readonly record struct TlsOutcome(TlsFacts? Facts, CloseReason Failure = CloseReason.None, string? Detail = null, TlsRoute? Route = null)
{
    /// <summary>The JA4 fingerprint of a hello that was refused.</summary>
    public string? Ja4 { get; init; }

    /// <summary>Of the suites in common none is left once the groups are known: the library's own refusal in TLS 1.2, with alert 40.</summary>
    public static readonly TlsOutcome NoSharedCipher = new(
        null, CloseReason.TlsNoSharedCipher, "no usable suite: client and gateway share no key exchange group");
}
