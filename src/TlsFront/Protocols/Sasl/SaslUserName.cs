using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace TlsFront.Protocols.Sasl;

/// <summary>Reads the user's name, and nothing else, out of the first response of a SASL dialogue.</summary>
internal static class SaslUserName
{
    // Tokens and passwords may follow the name for kilobytes: only this much base64 is ever decoded (two names of PLAIN and room to spare).
    private const int MaxEncoded = 2800;

    /// <summary>
    /// The authentication identity in the client's first response, which came with the command or after the server's first challenge;
    /// null where the mechanism shows none or it is not fit to print (<see cref="UserName"/>).
    /// </summary>
    /// <param name="mechanism">Mechanism of the dialogue.</param>
    /// <param name="base64">The response as sent, without line end; <c>=</c> is the empty one (RFC 4422 section 3.3).</param>
    public static string? FromInitialResponse(SaslMechanism mechanism, ReadOnlySpan<byte> base64)
    {
        if (mechanism == SaslMechanism.Other)
        {
            return null;
        }

        var complete = base64.Length <= MaxEncoded;
        Span<byte> decoded = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(MaxEncoded)];
        try
        {
            return Base64.DecodeFromUtf8(complete ? base64 : base64[..MaxEncoded], decoded, out _, out var length) == OperationStatus.Done
                ? UserName.FromUtf8(Find(mechanism, decoded[..length], complete))
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    private static ReadOnlySpan<byte> Find(SaslMechanism mechanism, ReadOnlySpan<byte> response, bool complete) => mechanism switch
    {
        SaslMechanism.Plain => Until(After(response, 0), 0),
        SaslMechanism.Login or SaslMechanism.External => complete ? response : default,
        SaslMechanism.CramMd5 => complete && response.LastIndexOf((byte)' ') is > 0 and var end ? response[..end] : default,
        SaslMechanism.Scram => Attribute(After(After(response, (byte)','), (byte)','), "n="u8),
        SaslMechanism.OAuthBearer => Attribute(After(response, (byte)','), "a="u8),
        SaslMechanism.XOAuth2 => response.StartsWith("user="u8) ? Until(response[5..], 1) : default,
        _ => default,
    };

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, byte separator) =>
        text.IndexOf(separator) is >= 0 and var at ? text[(at + 1)..] : default;

    // A value whose end was cut off is no name.
    private static ReadOnlySpan<byte> Until(ReadOnlySpan<byte> text, byte separator) =>
        text.IndexOf(separator) is > 0 and var end ? text[..end] : default;

    // RFC 5802 section 5.1: "," and "=" of a name travel as =2C and =3D. Such names are rare: not reported rather than decoded.
    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        var value = text.StartsWith(prefix) ? Until(text[prefix.Length..], (byte)',') : default;
        return value.Contains((byte)'=') ? default : value;
    }
}
