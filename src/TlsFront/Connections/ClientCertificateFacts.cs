namespace TlsFront.Connections;

/// <summary>What is known of a client by its certificate, which was verified.</summary>
/// <param name="User">The user it says the client is; null if it names none, or more than one. Fit for logs.</param>
/// <param name="CommonName">The one common name of its subject; null if there is none, or more than one. Fit for logs.</param>
internal sealed record ClientCertificateFacts(string? User, string? CommonName);
