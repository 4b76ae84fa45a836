namespace TlsFront.Backends.Probes;

/// <summary>How a connection to a destination begins, seen from the gateway.</summary>
internal enum Opening : byte
{
    /// <summary>It was not looked at: there is no connection, or nothing is known of the protocol.</summary>
    None,

    /// <summary>A greeting.</summary>
    Ready,

    /// <summary>A greeting, and then the PROXY header was taken for commands.</summary>
    HeaderRefused,

    /// <summary>A greeting, and then a refusal to be told of the client.</summary>
    IdentityRefused,

    /// <summary>A refusal in the greeting's place.</summary>
    Refusal,

    /// <summary>Bytes that are not of the protocol.</summary>
    Foreign,

    /// <summary>A TLS record.</summary>
    Tls,

    /// <summary>Nothing until the deadline.</summary>
    Silent,

    /// <summary>It was closed or reset before a greeting was complete.</summary>
    Closed,
}
