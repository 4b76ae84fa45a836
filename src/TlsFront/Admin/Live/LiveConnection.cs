namespace TlsFront.Admin.Live;

/// <summary>
/// Event <c>connections</c>: a connection that ended lately. The last three are for those who may give commands: they come from a client.
/// </summary>
/// <param name="At">When it ended.</param>
/// <param name="Id">Its id, as in the log.</param>
/// <param name="Listener">Name of the listener.</param>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Version">TLS version; null without a handshake.</param>
/// <param name="Cipher">IANA's name of the cipher suite.</param>
/// <param name="Group">IANA's name of the key exchange group, where the engine can tell.</param>
/// <param name="Resumed">Whether it resumed a session, where the engine can tell.</param>
/// <param name="Route">The routed name as configured.</param>
/// <param name="RoutedBy">What decided which backend its login goes to; null where logins are not held.</param>
/// <param name="Backend">Name of the backend, once one was tried.</param>
/// <param name="Destination">The destination that served it.</param>
/// <param name="BytesIn">Plaintext from the client.</param>
/// <param name="BytesOut">Plaintext to it.</param>
/// <param name="Seconds">From accept to the end.</param>
/// <param name="Reason">Why it ended, as log and metrics have it.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Failed">Whether it did not do what it was opened for.</param>
/// <param name="Client">Where it came from.</param>
/// <param name="ServerName">The name it asked for.</param>
/// <param name="Detail">More about its end.</param>
internal sealed record LiveConnection(
    DateTimeOffset At, string Id, string Listener, string Protocol, string? Version, string? Cipher, string? Group, bool? Resumed, string? Route,
    string? RoutedBy, string? Backend, string? Destination, long BytesIn, long BytesOut, double Seconds, string Reason, string Words, bool Failed,
    string? Client, string? ServerName, string? Detail);
