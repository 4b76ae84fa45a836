namespace TlsFront.Telemetry.Access;

/// <summary>What a line is about and the record does not have.</summary>
/// <param name="LoginAccepted">Of a login: the backend's verdict.</param>
/// <param name="Lifetime">Of an end: the time since accept.</param>
/// <param name="Seen">Of the end of a connection that was refused for its TLS or by a policy: what its client was seen to do before.</param>
internal readonly record struct AccessLogMoment(bool LoginAccepted, TimeSpan Lifetime, string? Seen = null);
