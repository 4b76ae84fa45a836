namespace TlsFront.Connections;

/// <summary>What decided which backend a held login goes to.</summary>
internal enum RoutedBy : byte
{
    /// <summary>Nothing: the login was not held, or there was none yet.</summary>
    None,

    /// <summary>Nothing about its user: the server name that the client asked for, or the listener.</summary>
    Default,

    /// <summary>A pattern of <c>routes[].users</c>.</summary>
    Route,

    /// <summary>The user map.</summary>
    Map,

    /// <summary>The service of <c>lookup</c>.</summary>
    Lookup,

    /// <summary>An operator's move.</summary>
    Move,
}
