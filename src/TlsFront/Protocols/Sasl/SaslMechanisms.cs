using System.Buffers;
using System.Text;

namespace TlsFront.Protocols.Sasl;

/// <summary>What a front must know of SASL mechanism names (RFC 4422 section 3.1), compared without case.</summary>
internal static class SaslMechanisms
{
    /// <summary>Most octets of a name.</summary>
    public const int MaxName = 20;

    private static readonly SearchValues<byte> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>
    /// Whether <paramref name="name"/> is a mechanism's name: 1 to 20 letters, digits, hyphens and underscores. A server that trims or
    /// splits its arguments otherwise than we do could find another mechanism in anything else.
    /// </summary>
    public static bool IsName(ReadOnlySpan<byte> name) => name.Length is > 0 and <= MaxName && !name.ContainsAnyExcept(NameCharacters);

    /// <summary>The mechanism called <paramref name="name"/>.</summary>
    public static SaslMechanism Parse(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "PLAIN"u8))
        {
            return SaslMechanism.Plain;
        }

        if (Ascii.EqualsIgnoreCase(name, "LOGIN"u8))
        {
            return SaslMechanism.Login;
        }

        if (Ascii.EqualsIgnoreCase(name, "EXTERNAL"u8))
        {
            return SaslMechanism.External;
        }

        if (Ascii.EqualsIgnoreCase(name, "CRAM-MD5"u8))
        {
            return SaslMechanism.CramMd5;
        }

        if (Ascii.EqualsIgnoreCase(name, "OAUTHBEARER"u8))
        {
            return SaslMechanism.OAuthBearer;
        }

        if (Ascii.EqualsIgnoreCase(name, "XOAUTH2"u8))
        {
            return SaslMechanism.XOAuth2;
        }

        var isScram = name.Length > 6 && Ascii.EqualsIgnoreCase(name[..6], "SCRAM-"u8);
        return isScram ? SaslMechanism.Scram : SaslMechanism.Other;
    }

    /// <summary>
    /// Whether the mechanism works through a gateway that ends TLS: not with channel binding (<c>-PLUS</c>, RFC 9266), because the binding names
    /// the other TLS session. Where the session is not read after the login, nothing else stands in the way.
    /// </summary>
    public static bool SurvivesTermination(ReadOnlySpan<byte> name) => !(name.Length >= 5 && Ascii.EqualsIgnoreCase(name[^5..], "-PLUS"u8));

    /// <summary>
    /// Whether the mechanism also works where the session is read on after the login, as SMTP is for <c>Received</c>: not with a security layer
    /// (RFC 4422 section 3.7). What client and server negotiate is encrypted between them, so that the stream might turn opaque at any login.
    /// </summary>
    public static bool SurvivesReading(ReadOnlySpan<byte> name) =>
        SurvivesTermination(name)
        && !Ascii.EqualsIgnoreCase(name, "GSSAPI"u8)
        && !Ascii.EqualsIgnoreCase(name, "GSS-SPNEGO"u8)
        && !Ascii.EqualsIgnoreCase(name, "DIGEST-MD5"u8)
        && !Ascii.EqualsIgnoreCase(name, "KERBEROS_V4"u8)
        && !Ascii.EqualsIgnoreCase(name, "KERBEROS_V5"u8)
        && !Ascii.EqualsIgnoreCase(name, "SRP"u8);
}
