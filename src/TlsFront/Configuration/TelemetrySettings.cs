namespace TlsFront.Configuration;

/// <summary>Push export of metrics, traces and logs.</summary>
/// <param name="OtlpEndpoint">OTLP endpoint, or null for none; the standard <c>OTEL_EXPORTER_OTLP_*</c> variables apply as well. Cold.</param>
/// <param name="SampleRatio">Part of the connections that is traced, 0 to 1. Defaults to 0.01: a trace tells how a connection goes,
/// not how many there are.</param>
internal sealed record TelemetrySettings(Uri? OtlpEndpoint = null, double SampleRatio = 0.01);
