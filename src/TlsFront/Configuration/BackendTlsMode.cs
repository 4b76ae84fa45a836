namespace TlsFront.Configuration;

/// <summary>Whether a backend is spoken to in TLS.</summary>
internal enum BackendTlsMode : byte
{
    /// <summary>Plaintext, over a network that is trusted.</summary>
    None,

    /// <summary>TLS from the first byte behind the PROXY header.</summary>
    Implicit,
}
