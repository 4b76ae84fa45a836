namespace TlsFront.Configuration;

/// <summary>What happens to a client that asks for a server name no certificate covers.</summary>
internal enum UnknownName : byte
{
    /// <summary>
    /// It gets the default certificate and decides itself. Mail clients connect by odd names; RFC 9325 section 3.7 would rather refuse.
    /// </summary>
    Default,

    /// <summary>It gets the alert unrecognized_name.</summary>
    Reject,
}
