using System.Text;

namespace TlsFront.Protocols.Sasl;

/// <summary>What a front must know of SASL mechanism names (RFC 4422 section 3.1), compared without case.</summary>
internal static class SaslMechanisms
{
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
    /// Whether the mechanism works through a gateway that ends TLS and reads on after the login: not with channel binding
    /// (<c>-PLUS</c>, RFC 9266: the binding names the other TLS session), and not with a security layer (RFC 4422 section 3.7:
    /// the stream would turn opaque).
    /// </summary>
    public static bool SurvivesTermination(ReadOnlySpan<byte> name) =>
        !(name.Length >= 5 && Ascii.EqualsIgnoreCase(name[^5..], "-PLUS"u8))
        && !Ascii.EqualsIgnoreCase(name, "GSSAPI"u8)
        && !Ascii.EqualsIgnoreCase(name, "GSS-SPNEGO"u8)
        && !Ascii.EqualsIgnoreCase(name, "DIGEST-MD5"u8)
        && !Ascii.EqualsIgnoreCase(name, "KERBEROS_V4"u8)
        && !Ascii.EqualsIgnoreCase(name, "KERBEROS_V5"u8)
        && !Ascii.EqualsIgnoreCase(name, "SRP"u8);
}
