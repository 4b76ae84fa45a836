using TlsFront.Configuration;
using TlsFront.ProxyProtocol;

namespace TlsFront.Diagnosis;

/// <summary>One way to connect to a destination, of those that are tried until one works.</summary>
/// <param name="Header">The PROXY header it gets.</param>
/// <param name="Tls">TLS with it.</param>
/// <param name="IsStranger">Whether the header names a client that is not the gateway.</param>
internal sealed record ProbeVariant(ProxyHeaderVersion Header, BackendTlsSettings Tls, bool IsStranger = false)
{
    /// <summary>Whether there is a header.</summary>
    public bool HasHeader => Header != ProxyHeaderVersion.None;

    /// <summary>Whether there is TLS.</summary>
    public bool HasTls => Tls.Mode == BackendTlsMode.Implicit;

    /// <summary>With TLS in place of none, or the other way round. Whose certificate it is does not matter: nothing secret is said.</summary>
    public ProbeVariant WithOtherTls() =>
        this with { Tls = new BackendTlsSettings { Mode = HasTls ? BackendTlsMode.None : BackendTlsMode.Implicit, Verify = false } };

    /// <summary>With TLS whatever the certificate is.</summary>
    public ProbeVariant WithoutVerification() => this with { Tls = Tls with { Verify = false } };
}
