namespace TlsFront.Configuration;

/// <summary>Cipher suites as policies tell them apart.</summary>
internal enum CipherClass : byte
{
    /// <summary>Without forward secrecy, or without authenticated encryption (RFC 9325 section 4).</summary>
    Weak,
}
