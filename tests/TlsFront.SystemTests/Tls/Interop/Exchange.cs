namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>What a server behind the gateway got and gave in a session.</summary>
/// <param name="Received">SHA-256 of a request's body.</param>
/// <param name="Length">Octets of that.</param>
/// <param name="Sent">SHA-256 of all of the answer.</param>
public sealed record Exchange(string Received, long Length, string Sent);
