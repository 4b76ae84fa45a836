namespace TlsFront.Migration;

/// <summary>What the rows of a report are.</summary>
internal enum UsageGroup
{
    /// <summary>Users.</summary>
    User,

    /// <summary>Networks of clients: /24, or /48 of IPv6.</summary>
    Network,

    /// <summary>Fingerprints of hellos: TLS libraries at their settings.</summary>
    Ja4,

    /// <summary>What programs call themselves.</summary>
    Program,

    /// <summary>Listeners.</summary>
    Listener,
}
