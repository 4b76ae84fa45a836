namespace TlsFront.Telemetry.Access;

/// <summary>What a line is about and the record does not have.</summary>
/// <param name="LoginAccepted">Of a login: the backend's verdict.</param>
/// <param name="Lifetime">Of an end: the time since accept.</param>
internal readonly record struct AccessLogMoment(bool LoginAccepted, TimeSpan Lifetime);
