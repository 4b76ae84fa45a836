namespace TlsFront.Benchmarks.Compare;

/// <summary>What all proxies have in common: certificates, backends, a folder for their files.</summary>
/// <param name="Folder">Temporary, readable by the users that proxies change to.</param>
/// <param name="Ecdsa">Certificate of all routes but one.</param>
/// <param name="Rsa">Certificate of <see cref="Route.HttpRsa"/>.</param>
/// <param name="Backends">The servers behind.</param>
/// <param name="MaxSessions">Most sessions at once: two descriptors each in a proxy.</param>
internal sealed record Lab(string Folder, Certificate Ecdsa, Certificate Rsa, Backends Backends, int MaxSessions)
{
    /// <summary>The certificate of a route.</summary>
    public Certificate CertificateOf(Route route) => route == Route.HttpRsa ? Rsa : Ecdsa;
}
