namespace TlsFront.Listeners.SelfCheck;

/// <summary>Names a certificate on a listener, whatever it holds at the moment.</summary>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Certificate">File of the certificate.</param>
internal readonly record struct CertificateKey(string Listener, string Certificate);
