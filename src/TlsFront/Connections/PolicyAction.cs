namespace TlsFront.Connections;

/// <summary>What becomes of a login that a policy decides on.</summary>
internal enum PolicyAction : byte
{
    /// <summary>No policy decided on it.</summary>
    None,

    /// <summary>It goes on, and no policy below is asked.</summary>
    Allow,

    /// <summary>It goes on, and is logged and counted: what refusing it would mean.</summary>
    Warn,

    /// <summary>It is refused before any backend sees it (RFC 8314 section 4.1).</summary>
    Refuse,
}
