namespace TlsFront.Protocols.Sasl;

/// <summary>The arguments of AUTH (SMTP, POP3) and AUTHENTICATE (IMAP): <c>mechanism [SP initial-response]</c>.</summary>
internal static class SaslCommand
{
    /// <summary>Reads them; false if anything else stands there, a second or a trailing space included.</summary>
    /// <param name="arguments">What follows the verb and one space.</param>
    /// <param name="mechanism">The mechanism's name.</param>
    /// <param name="initialResponse">The initial response, empty if there is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> arguments, out ReadOnlySpan<byte> mechanism, out ReadOnlySpan<byte> initialResponse)
    {
        var space = arguments.IndexOf((byte)' ');
        mechanism = space < 0 ? arguments : arguments[..space];
        initialResponse = space < 0 ? default : arguments[(space + 1)..];
        return SaslMechanisms.IsName(mechanism) && (space < 0 || SaslResponse.IsInitial(initialResponse));
    }
}
