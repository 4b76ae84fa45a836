using System.Net.Security;
using TlsFront.Tls;

namespace TlsFront.Transport.Managed;

/// <summary>What <see cref="ManagedTlsHandshake"/> ends with.</summary>
/// <param name="Outcome">Facts, or the reason there are none.</param>
/// <param name="Stream">The plaintext side, to be disposed by the caller; null on failure. Disposing it leaves the transport open.</param>
internal readonly record struct ManagedTlsResult(TlsOutcome Outcome, SslStream? Stream = null);
