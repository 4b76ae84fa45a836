namespace TlsFront.Connections;

/// <summary>What is known of a client by its certificate, which was verified.</summary>
/// <param name="User">The user it says the client is; null if it names none, or more than one. Fit for logs.</param>
/// <param name="CommonName">
/// The same where it is the common name of the subject; null where another name counts, which no PROXY header can tell.
/// </param>
/// <param name="Authorities">The file with the authorities that it was judged by: they may vouch for users of their own alone.</param>
/// <param name="SerialNumber">Its serial number, hexadecimal. Fit for logs.</param>
/// <param name="Issuer">The name of who issued it, as one word of bounded length. Fit for logs.</param>
internal sealed record ClientCertificateFacts(string? User, string? CommonName, string Authorities, string SerialNumber, string Issuer);
