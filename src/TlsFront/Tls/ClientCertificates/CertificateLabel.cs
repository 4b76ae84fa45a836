using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// What a client's certificate is found by in the books of who issued it. Anybody can make a certificate that says anything and show it: so each text
/// is short, and one word.
/// </summary>
internal static class CertificateLabel
{
    /// <summary>Hexadecimal digits of the longest serial number that RFC 5280 section 4.1.2.2 allows.</summary>
    private const int MaxSerialLength = 40;

    private const int MaxIssuerLength = 128;
    private const string More = "...";

    /// <summary>The serial number as <c>openssl x509 -serial</c> prints it.</summary>
    public static string SerialNumber(X509Certificate2 certificate)
    {
        var number = new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true);
        var digits = Convert.ToHexString(BigInteger.Abs(number).ToByteArray(isUnsigned: true, isBigEndian: true));
        return (number.Sign < 0 ? "-" : "") + Shorten(digits, MaxSerialLength);
    }

    /// <summary>Who issued it, by its own word, with <c>_</c> for spaces and <c>?</c> for what could garble a line.</summary>
    public static string Issuer(X509Certificate2 certificate)
    {
        string name;
        try
        {
            name = certificate.Issuer.Replace(", ", ",", StringComparison.Ordinal);
        }
        catch (CryptographicException)
        {
            return "?";
        }

        var text = new StringBuilder(MaxIssuerLength);
        foreach (var rune in name.EnumerateRunes())
        {
            if (text.Length >= MaxIssuerLength)
            {
                return text.Append(More).ToString();
            }

            text.Append(rune.Value == ' ' ? "_" : rune.Value is > ' ' and <= '~' || Rune.IsLetterOrDigit(rune) ? rune.ToString() : "?");
        }

        return text.ToString();
    }

    private static string Shorten(string text, int length) => text.Length > length ? text[..length] + More : text;
}
