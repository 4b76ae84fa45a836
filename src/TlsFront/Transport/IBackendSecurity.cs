using Microsoft.AspNetCore.Connections;

namespace TlsFront.Transport;

/// <summary>
/// TLS towards a backend inside the engine, as a feature of a connection whose engine has it; <c>ManagedBackendSecurity</c> does it for all others.
/// </summary>
internal interface IBackendSecurity
{
    /// <summary>Does the handshake; what was written before, such as a PROXY header, has gone out in clear.</summary>
    /// <returns>The connection to use from here on.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It failed; the message is for the operator.</exception>
    ValueTask<ConnectionContext> SecureAsync(BackendTlsParameters parameters, CancellationToken stop);
}
