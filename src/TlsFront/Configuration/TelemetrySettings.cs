namespace TlsFront.Configuration;

/// <summary>Push export of metrics beside <c>/metrics</c>.</summary>
/// <param name="OtlpEndpoint">OTLP endpoint, or null for none; the standard <c>OTEL_EXPORTER_OTLP_*</c> variables apply as well. Cold.</param>
internal sealed record TelemetrySettings(Uri? OtlpEndpoint = null);
