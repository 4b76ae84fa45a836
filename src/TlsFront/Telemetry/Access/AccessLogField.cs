using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>A field of a line.</summary>
/// <param name="Label">What stands before its value in text.</param>
/// <param name="Name">Its name in JSON and OTLP.</param>
/// <param name="Value">Its value, of the record and of what happened to the connection just now.</param>
internal sealed record AccessLogField(string Label, string Name, Func<ConnectionRecord, AccessLogMoment, AccessLogValue> Value);
