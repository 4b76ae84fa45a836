using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using TlsFront.Connections;

namespace TlsFront.Protocols.Sasl;

/// <summary>Reads the user's name, and nothing else, out of the first response of a SASL dialogue.</summary>
internal static class SaslUserName
{
    /// <summary>The longest response that any of the protocols takes. A name must not be read from a part: the rest may name another one.</summary>
    public const int MaxEncoded = 16 * 1024;

    /// <summary>
    /// The authentication identity in the client's first response, which came with the command or after the server's first challenge;
    /// null where the mechanism shows none or it is not fit to print (<see cref="UserName"/>).
    /// </summary>
    /// <param name="mechanism">Mechanism of the dialogue.</param>
    /// <param name="base64">The response as sent, without line end; <c>=</c> is the empty one (RFC 4422 section 3.3).</param>
    public static string? FromInitialResponse(SaslMechanism mechanism, ReadOnlySpan<byte> base64)
    {
        if (mechanism == SaslMechanism.Other || base64.Length > MaxEncoded)
        {
            return null;
        }

        Span<byte> decoded = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length + 3)];
        try
        {
            return TryDecode(base64, decoded, out var length) ? UserName.FromUtf8(Find(mechanism, decoded[..length])) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    /// <summary>
    /// Whether every server finds the same user in the response, and nobody else whose mail the session could be about: one name, with no identity
    /// beside it on whose behalf it acts, in the shape that its specification gives it.
    /// </summary>
    /// <inheritdoc cref="FromInitialResponse"/>
    public static bool NamesOne(SaslMechanism mechanism, ReadOnlySpan<byte> base64)
    {
        if (base64.Length > MaxEncoded)
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length + 3)];
        try
        {
            return TryDecode(base64, decoded, out var length) && IsCanonical(base64, decoded[..length]) && HasOneName(mechanism, decoded[..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    // Of a name without its padding, a lenient server drops the last octets, and another one does not.
    private static bool IsCanonical(ReadOnlySpan<byte> base64, ReadOnlySpan<byte> decoded)
    {
        if (base64.Length != Base64.GetMaxEncodedToUtf8Length(decoded.Length))
        {
            return false;
        }

        Span<byte> encoded = stackalloc byte[base64.Length];
        Base64.EncodeToUtf8(decoded, encoded, out _, out _);
        var isSame = encoded.SequenceEqual(base64);
        CryptographicOperations.ZeroMemory(encoded);
        return isSame;
    }

    private static bool HasOneName(SaslMechanism mechanism, ReadOnlySpan<byte> response) => mechanism switch
    {
        // Servers differ in whether they act for an authorization identity, and in what follows a third NUL.
        SaslMechanism.Plain => response.Count((byte)0) == 2
            && (response[0] == 0 || Until(response, 0).SequenceEqual(Until(After(response, 0), 0))),
        SaslMechanism.Login or SaslMechanism.External => !response.IsEmpty && !response.Contains((byte)0),
        SaslMechanism.Scram => !response.Contains((byte)0) && (response.StartsWith("n,,n="u8) || response.StartsWith("y,,n="u8)),
        // Some servers take the last of several names, some read as far as NUL, some take a field without its end.
        SaslMechanism.XOAuth2 => !response.Contains((byte)0) && response.StartsWith("user="u8) && response.EndsWith("\u0001\u0001"u8)
            && response[1..].IndexOf("\u0001user="u8) < 0,
        SaslMechanism.OAuthBearer => !response.Contains((byte)0) && response.EndsWith("\u0001\u0001"u8) && Until(response, 1) is var header
            && (header.StartsWith("n,a="u8) || header.StartsWith("y,a="u8)) && header.Count((byte)',') == 2 && header[^1] == ',',
        _ => false,
    };

    /// <summary>
    /// Decodes a response. As lenient as any server, or a user could log in namelessly: padding may be missing, and bits may be set that no octet
    /// needs.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> base64, Span<byte> decoded, out int length)
    {
        const int Digits = 4;
        const int Octets = 3;
        var digits = base64.TrimEnd((byte)'=');
        var whole = digits.Length / Digits * Digits;
        var rest = digits[whole..];
        if (rest.Length == 1 || Base64.DecodeFromUtf8(digits[..whole], decoded, out _, out length) != OperationStatus.Done)
        {
            length = 0;
            return false;
        }

        Span<byte> last = stackalloc byte[Digits];
        Span<byte> octets = stackalloc byte[Octets];
        last.Fill((byte)'A');
        rest.CopyTo(last);
        if (Base64.DecodeFromUtf8(last, octets, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        var more = Math.Max(rest.Length - 1, 0);
        octets[..more].CopyTo(decoded[length..]);
        CryptographicOperations.ZeroMemory(last);
        CryptographicOperations.ZeroMemory(octets);
        length += more;
        return true;
    }

    private static ReadOnlySpan<byte> Find(SaslMechanism mechanism, ReadOnlySpan<byte> response) => mechanism switch
    {
        SaslMechanism.Plain => Until(After(response, 0), 0),
        // Servers written in C read a name as far as NUL.
        SaslMechanism.Login => Before(response, 0),
        SaslMechanism.External => response,
        SaslMechanism.CramMd5 => response.LastIndexOf((byte)' ') is > 0 and var end ? response[..end] : default,
        SaslMechanism.Scram => Attribute(After(After(response, (byte)','), (byte)','), "n="u8),
        SaslMechanism.OAuthBearer => Identity(Until(response, 1)),
        SaslMechanism.XOAuth2 => LastField(response, 1, "user="u8),
        _ => default,
    };

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, byte separator) =>
        text.IndexOf(separator) is >= 0 and var at ? text[(at + 1)..] : default;

    private static ReadOnlySpan<byte> Until(ReadOnlySpan<byte> text, byte separator) =>
        text.IndexOf(separator) is > 0 and var end ? text[..end] : default;

    private static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> text, byte end) => text.IndexOf(end) is >= 0 and var at ? text[..at] : text;

    // RFC 7628 section 3.1: "n,a=user,".
    private static ReadOnlySpan<byte> Identity(ReadOnlySpan<byte> header)
    {
        var name = LastField(header, (byte)',', "a="u8);
        return name.Contains((byte)'=') ? default : name;
    }

    // A field may stand anywhere and twice: servers that go through them take the last one.
    private static ReadOnlySpan<byte> LastField(ReadOnlySpan<byte> text, byte separator, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> value = default;
        while (text.IndexOf(separator) is >= 0 and var end)
        {
            value = text[..end].StartsWith(name) ? text[name.Length..end] : value;
            text = text[(end + 1)..];
        }

        return value;
    }

    // RFC 5802 section 5.1: "," and "=" of a name travel as =2C and =3D. Such names are rare: not reported rather than decoded.
    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix)
    {
        var value = text.StartsWith(prefix) ? Until(text[prefix.Length..], (byte)',') : default;
        return value.Contains((byte)'=') ? default : value;
    }
}
