namespace TlsFront.Admin.Live;

/// <summary>Event <c>times</c>: how long a destination lets sessions wait.</summary>
/// <param name="Backend">Name of its backend.</param>
/// <param name="Destination">Its <c>host:port</c> as configured.</param>
/// <param name="Connect">For the connection, PROXY header and TLS included; null before the first.</param>
/// <param name="Greeting">For its greeting after that; null before the first.</param>
internal sealed record LiveTimes(string Backend, string Destination, LiveSpread? Connect, LiveSpread? Greeting);
