using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Connections;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// The names in a client's certificate that may say who the user is. Of several none counts: which one a server takes is its own secret, and whoever
/// issues certificates may not have thought of it.
/// </summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>rfc822Name of GeneralName (RFC 5280 section 4.2.1.6).</summary>
    private static readonly Asn1Tag MailAddress = new(TagClass.ContextSpecific, 1);

    /// <summary>The one mail address among the alternative names; null if there is none, more than one, or one that is not fit for a log.</summary>
    public static string? FindMailAddress(X509Certificate2 certificate)
    {
        string? found = null;
        foreach (var extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == SubjectAlternativeName))
        {
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(MailAddress))
                    {
                        names.ReadEncodedValue();
                        continue;
                    }

                    var address = names.ReadCharacterString(UniversalTagNumber.IA5String, MailAddress);
                    if (found is not null)
                    {
                        return null;
                    }

                    found = address;
                }
            }
            catch (AsnContentException)
            {
                return null;
            }
        }

        return Check(found);
    }

    /// <summary>The one common name of the subject; null if there is none, more than one, or one that is not fit for a log.</summary>
    public static string? FindCommonName(X509Certificate2 certificate)
    {
        string? found = null;
        try
        {
            foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
            {
                if (name.HasMultipleElements)
                {
                    // One of the two might be a common name, which servers do or do not find.
                    return null;
                }

                if (name.GetSingleElementType().Value == CommonName)
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = name.GetSingleElementValue();
                }
            }
        }
        catch (CryptographicException)
        {
            return null;
        }

        return Check(found);
    }

    private static string? Check(string? name) =>
        name is null || name.Any(char.IsWhiteSpace) ? null : UserName.FromUtf8(Encoding.UTF8.GetBytes(name));
}
