namespace TlsFront.Connections;

/// <summary>
/// The best a client offered in its hello: whoever uses less was held down by the gateway, and whoever offers less has to be updated or replaced.
/// </summary>
/// <param name="Version">Its newest version.</param>
/// <param name="HasStrongCipher">
/// Whether that version can use one of its cipher suites with forward secrecy and authenticated encryption (RFC 9325 section 4).
/// </param>
internal readonly record struct TlsOffer(TlsVersion Version, bool HasStrongCipher);
