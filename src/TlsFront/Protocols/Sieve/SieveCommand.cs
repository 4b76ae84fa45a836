namespace TlsFront.Protocols.Sieve;

/// <summary>The commands of the non-authenticated state that are forwarded.</summary>
internal enum SieveCommand : byte
{
    /// <summary>Not one of them, or none under way.</summary>
    None,

    /// <summary>RFC 5804 section 2.4: a list, then OK.</summary>
    Capability,

    /// <summary>RFC 5804 section 2.13.</summary>
    Noop,

    /// <summary>RFC 5804 section 2.1: a SASL dialogue; OK logs in.</summary>
    Authenticate,

    /// <summary>RFC 5804 section 2.3: the session ends with the reply.</summary>
    Logout,
}
