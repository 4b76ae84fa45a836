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

    /// <summary>Octets of such a number, one before them for the sign. No more are looked at: to convert a number takes its length squared.</summary>
    private const int MaxSerialOctets = 21;

    /// <summary>Octets of the longest name that is converted; those that people give are shorter by far.</summary>
    private const int MaxNameOctets = 1024;

    private const int MaxIssuerLength = 128;
    private const string More = "...";

    /// <summary>The serial number as <c>openssl x509 -serial</c> prints it.</summary>
    public static string SerialNumber(X509Certificate2 certificate)
    {
        var octets = certificate.SerialNumberBytes.Span;
        var number = new BigInteger(octets[..Math.Min(octets.Length, MaxSerialOctets)], isBigEndian: true);
        var digits = Convert.ToHexString(BigInteger.Abs(number).ToByteArray(isUnsigned: true, isBigEndian: true));
        var isLonger = octets.Length > MaxSerialOctets || digits.Length > MaxSerialLength;
        return (number.Sign < 0 ? "-" : "") + digits[..Math.Min(digits.Length, MaxSerialLength)] + (isLonger ? More : "");
    }

    /// <summary>
    /// Who issued it, by its own word, with <c>_</c> for spaces and <c>?</c> for all that is not ASCII: among letters are some that nobody sees, and
    /// some that turn the line around.
    /// </summary>
    public static string Issuer(X509Certificate2 certificate)
    {
        if (certificate.IssuerName.RawData.Length > MaxNameOctets)
        {
            return "?";
        }

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

            text.Append(rune.Value == ' ' ? "_" : rune.Value is > ' ' and <= '~' ? rune.ToString() : "?");
        }

        return text.ToString();
    }
}
