using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>
/// Which certificates of clients are good on a listener or route, and whom they name (RFC 8314 section 4.2). Both engines ask it, so that both let
/// the same clients in.
/// </summary>
/// <param name="settings">The settings, with authorities.</param>
/// <param name="authorities">The file with the authorities.</param>
/// <param name="revocations">The file with the revocation lists; null if nothing is revoked.</param>
/// <param name="time">Clock.</param>
internal sealed class ClientCertificatePolicy(
    ClientCertificateSettings settings, WatchedFile<X509Certificate2Collection> authorities, WatchedFile<RevocationLists>? revocations,
    TimeProvider time)
{
    /// <summary>Most certificates that a client sends: its own and intermediates. Each takes a signature to verify.</summary>
    public const int MaxChain = 8;

    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>What a client hears that sends none.</summary>
    public const string Missing = "client has no certificate, which this listener requires";

    /// <summary>Why a client with a certificate is refused, for logs.</summary>
    public static string Refusal(ClientCertificateVerdict verdict) => $"client's certificate is refused: {verdict.Words}";

    /// <summary>Whether a client without a certificate is refused.</summary>
    public bool IsRequired => settings.IsRequired;

    /// <summary>Whether <paramref name="certificate"/> is good now.</summary>
    /// <param name="certificate">The client's own.</param>
    /// <param name="sent">What the client sent beside it.</param>
    public ClientCertificateVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        if (authorities.Content is not { } trusted)
        {
            return new(X509ChainStatusFlags.PartialChain, "the authorities of clients could not be read");
        }

        if (sent.Count > MaxChain)
        {
            return new(X509ChainStatusFlags.PartialChain, $"there are more than {MaxChain} certificates with it");
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;

        // Its own file says what is revoked, and nothing is fetched from where a client's certificate says.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        try
        {
            return chain.Build(certificate) ? JudgeRevocation(chain) : Describe(chain.ChainStatus);
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
        var commonName = CertificateNames.FindCommonName(certificate);
        return new(settings.User == CertificateUser.Email ? CertificateNames.FindMailAddress(certificate) : commonName, commonName);
    }

    private ClientCertificateVerdict JudgeRevocation(X509Chain chain)
    {
        if (revocations is null)
        {
            return ClientCertificateVerdict.Good;
        }

        if (revocations.Content is not { } lists)
        {
            return new(X509ChainStatusFlags.RevocationStatusUnknown, "the revocation lists could not be read");
        }

        for (var i = 0; i + 1 < chain.ChainElements.Count; i++)
        {
            var verdict = lists.Judge(chain.ChainElements[i].Certificate, chain.ChainElements[i + 1].Certificate, time.GetUtcNow());
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
