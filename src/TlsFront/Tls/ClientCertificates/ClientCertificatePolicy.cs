using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// Which certificates of clients are good on a listener or route, and whom they name (RFC 8314 section 4.2). Both engines ask it, so that both let
/// the same clients in.
/// </summary>
/// <param name="Settings">The settings, with authorities.</param>
/// <param name="Store">Has what the files hold by the time of a handshake.</param>
internal sealed record ClientCertificatePolicy(ClientCertificateSettings Settings, ClientCertificateStore Store)
{
    /// <summary>Most certificates that a client sends beside its own. Each takes a signature to verify.</summary>
    public const int MaxChain = 8;

    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string NameConstraints = "2.5.29.30";

    /// <summary>Why a client without a certificate is refused, for logs.</summary>
    public const string Missing = "client has no certificate, which this listener requires";

    /// <summary>Why a client with a certificate is refused, for logs.</summary>
    public static string Refusal(ClientCertificateVerdict verdict) => $"client's certificate is refused: {verdict.Words}";

    /// <summary>The same, and which certificate it is.</summary>
    public static string Refusal(ClientCertificateVerdict verdict, X509Certificate2 certificate) =>
        $"{Refusal(verdict)} (serial {CertificateLabel.SerialNumber(certificate)}, issuer {CertificateLabel.Issuer(certificate)})";

    /// <summary>Whether a client without a certificate is refused.</summary>
    public bool IsRequired => Settings.IsRequired;

    /// <summary>The authorities that a certificate may be of now, which clients are told; null if their file never was good.</summary>
    public X509Certificate2Collection? Trusted => Store.AuthoritiesIn(Settings.Authorities!);

    /// <summary>Whether <paramref name="certificate"/> is good now.</summary>
    /// <param name="certificate">The client's own.</param>
    /// <param name="sent">What the client sent beside it.</param>
    public ClientCertificateVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        if (Trusted is not { } trusted)
        {
            return new(X509ChainStatusFlags.PartialChain, "the authorities of clients could not be read");
        }

        if (sent.Count > MaxChain)
        {
            return new(X509ChainStatusFlags.PartialChain, $"there are more than {MaxChain} certificates with it");
        }

        if (JudgeUsage(certificate) is { IsGood: false } usage)
        {
            return usage;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        chain.ChainPolicy.VerificationTime = Store.Now.LocalDateTime;

        // Its own file says what is revoked, and nothing is fetched from where a client's certificate says.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        try
        {
            return !chain.Build(certificate) ? Describe(chain.ChainStatus)
                : JudgeConstraints(chain) is { IsGood: false } constraints ? constraints
                : JudgeRevocation(chain);
        }
        catch (CryptographicException)
        {
            return new(X509ChainStatusFlags.NotSignatureValid, "it is malformed");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>What <paramref name="certificate"/>, which is good, says of the client.</summary>
    public ClientCertificateFacts Identify(X509Certificate2 certificate)
    {
        var isCommonName = Settings.User == CertificateUser.CommonName;
        var name = isCommonName ? CertificateNames.FindCommonName(certificate) : CertificateNames.FindMailAddress(certificate);
        return new(
            name, isCommonName ? name : null, Settings.Authorities!,
            CertificateLabel.SerialNumber(certificate), CertificateLabel.Issuer(certificate));
    }

    /// <summary>A key that is for something else may be in other hands than the user's: those for encryption are kept by who issues them.</summary>
    private static ClientCertificateVerdict JudgeUsage(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if ((extension is X509KeyUsageExtension usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
                || extension is X509BasicConstraintsExtension { CertificateAuthority: true })
            {
                return new(X509ChainStatusFlags.NotValidForUsage, "its key is not for signing in (key usage, or an authority's own certificate)");
            }
        }

        return ClientCertificateVerdict.Good;
    }

    /// <summary>Constraints of an authority bind mail addresses, and no common name.</summary>
    private ClientCertificateVerdict JudgeConstraints(X509Chain chain) =>
        Settings.User == CertificateUser.CommonName
        && chain.ChainElements.Any(static element => element.Certificate.Extensions.Any(static extension => extension.Oid?.Value == NameConstraints))
            ? new(X509ChainStatusFlags.InvalidNameConstraints, "its authority has name constraints, which do not bind common names")
            : ClientCertificateVerdict.Good;

    private ClientCertificateVerdict JudgeRevocation(X509Chain chain)
    {
        if (Settings.RevocationLists is not { } file)
        {
            return ClientCertificateVerdict.Good;
        }

        if (Store.RevocationsIn(file) is not { } lists)
        {
            return new(X509ChainStatusFlags.RevocationStatusUnknown, "the revocation lists could not be read");
        }

        for (var i = 0; i + 1 < chain.ChainElements.Count; i++)
        {
            var verdict = lists.Judge(chain.ChainElements[i].Certificate, chain.ChainElements[i + 1].Certificate, Store.Now);
            if (!verdict.IsGood)
            {
                return verdict;
            }
        }

        return ClientCertificateVerdict.Good;
    }

    private static ClientCertificateVerdict Describe(X509ChainStatus[] problems)
    {
        var all = problems.Aggregate(X509ChainStatusFlags.NoError, static (flags, problem) => flags | problem.Status);
        bool Has(X509ChainStatusFlags flags) => (all & flags) != 0;

        return Has(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)
            ? new(X509ChainStatusFlags.UntrustedRoot, "it is of no authority in ca")
            : Has(X509ChainStatusFlags.NotTimeValid) ? new(X509ChainStatusFlags.NotTimeValid, "it, or one of its authorities, is not valid today")
            : Has(X509ChainStatusFlags.NotValidForUsage) ? new(X509ChainStatusFlags.NotValidForUsage, "it is not for clients (extended key usage)")
            : new(X509ChainStatusFlags.NotSignatureValid, $"it does not verify ({all})");
    }
}
