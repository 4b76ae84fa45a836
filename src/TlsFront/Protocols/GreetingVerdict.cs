namespace TlsFront.Protocols;

/// <summary>What a server's first bytes are.</summary>
internal enum GreetingVerdict : byte
{
    /// <summary>Not complete.</summary>
    Incomplete,

    /// <summary>The server is ready.</summary>
    Ready,

    /// <summary>It wants no session.</summary>
    Refusal,

    /// <summary>Not of the protocol.</summary>
    Foreign,

    /// <summary>A TLS record.</summary>
    Tls,
}
