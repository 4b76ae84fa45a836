using System.Security.Cryptography.X509Certificates;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>Whether a client's certificate is good.</summary>
/// <param name="Fault">The worst that is wrong with it; <see cref="X509ChainStatusFlags.NoError"/> if nothing is.</param>
/// <param name="Words">The same in an operator's words; null if nothing is wrong.</param>
internal readonly record struct ClientCertificateVerdict(X509ChainStatusFlags Fault, string? Words)
{
    /// <summary>Nothing is wrong with it.</summary>
    public static readonly ClientCertificateVerdict Good = new(X509ChainStatusFlags.NoError, null);

    /// <summary>Whether it is good.</summary>
    public bool IsGood => Fault == X509ChainStatusFlags.NoError;
}
