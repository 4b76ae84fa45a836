using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Transport.Managed;

/// <summary>What <see cref="SslStream"/> asks about the certificate of one client.</summary>
/// <param name="policy">By which it is judged.</param>
internal sealed class ManagedClientCertificateCheck(ClientCertificatePolicy policy)
{
    /// <summary>Why the client was refused; null if it was not, or not yet.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The authorities that the client is told; null if there are none.</summary>
    public X509Certificate2Collection? Trusted => policy.Trusted;

    /// <summary>As <see cref="RemoteCertificateValidationCallback"/>.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            Refusal = policy.IsRequired ? ClientCertificatePolicy.Missing : null;
            return Refusal is null;
        }

        var verdict = policy.Judge(leaf, chain?.ChainPolicy.ExtraStore ?? []);
        Refusal = verdict.IsGood ? null : ClientCertificatePolicy.Refusal(verdict, leaf);
        return verdict.IsGood;
    }
}
