using System.Net.Security;
using System.Text;
using TlsFront.Connections;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>A client that is presented one certificate and no other.</summary>
/// <param name="ServerName">The name it asks for; null for none.</param>
/// <param name="VerifiesRsaOnly">Whether it is one of those that verify no ECDSA, which the gateway's TLS library can be with TLS 1.2 alone.</param>
internal readonly record struct CheckingClient(string? ServerName, bool VerifiesRsaOnly)
{
    /// <summary>What stands for the star of a wildcard.</summary>
    private const string Label = "tlsfront-check";

    private static readonly SignatureScheme[] Signatures =
    [
        SignatureScheme.EcdsaSha256, SignatureScheme.EcdsaSha384, SignatureScheme.EcdsaSha512,
        SignatureScheme.RsaPssSha256, SignatureScheme.RsaPssSha384, SignatureScheme.RsaPssSha512,
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
    ];

    private static readonly NamedGroup[] Groups = [NamedGroup.Secp256R1, NamedGroup.Secp384R1, NamedGroup.Secp521R1];

    /// <summary>The suites to offer; null for all.</summary>
    public IReadOnlyList<TlsCipherSuite>? CipherSuites =>
        VerifiesRsaOnly ? Tls.CipherSuites.For(TlsVersion.Tls12, CertificateKeyType.Rsa, TlsVersion.Tls12) : null;

    /// <summary>One to which <paramref name="policy"/> presents <paramref name="certificate"/>; null if there is none.</summary>
    public static CheckingClient? For(LoadedCertificate certificate, TlsPolicy policy)
    {
        foreach (var name in certificate.Names.Select(NameFor).OfType<string>().Append(null))
        {
            foreach (var rsaOnly in Kinds(certificate))
            {
                var client = new CheckingClient(name, rsaOnly);
                if (policy.Select(client.Hello()).Certificate == certificate)
                {
                    return client;
                }
            }
        }

        return null;
    }

    private static ReadOnlySpan<bool> Kinds(LoadedCertificate certificate) =>
        certificate.KeyType == CertificateKeyType.Rsa && OperatingSystem.IsLinux() ? [false, true] : [false];

    private static string? NameFor(string name)
    {
        var concrete = name.StartsWith("*.", StringComparison.Ordinal) ? Label + name[1..] : name;
        return Tls.Hello.ServerName.Normalize(Encoding.UTF8.GetBytes(concrete)) == concrete ? concrete : null;
    }

    private ClientHello Hello() => new()
    {
        LegacyVersion = 0x0303,
        MaximumVersion = VerifiesRsaOnly ? TlsVersion.Tls12 : TlsVersion.Tls13,
        CipherSuites = [.. CipherSuites ?? Tls.CipherSuites.From(TlsVersion.Tls12)],
        ServerName = ServerName,
        SignatureAlgorithms = [.. Signatures],
        SupportedGroups = [.. Groups],
    };
}
