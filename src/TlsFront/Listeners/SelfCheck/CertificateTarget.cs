using System.Net;
using TlsFront.Tls;

namespace TlsFront.Listeners.SelfCheck;

/// <summary>A certificate on a listener, as they are at one moment.</summary>
/// <param name="Bound">Where the listener is bound.</param>
/// <param name="Policy">The listener's rules.</param>
/// <param name="Certificate">The certificate it presents by them.</param>
internal sealed record CertificateTarget(EndPoint Bound, TlsPolicy Policy, LoadedCertificate Certificate);
