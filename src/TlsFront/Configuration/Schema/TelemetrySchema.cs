namespace TlsFront.Configuration.Schema;

/// <summary><c>telemetry</c>.</summary>
internal static class TelemetrySchema
{
    public static readonly Setting<Uri?> OtlpEndpoint = new("otlpEndpoint", new EndpointUriType()!,
        "Where metrics are pushed by OTLP; none if absent. The `OTEL_EXPORTER_OTLP_*` variables apply as well.")
    { IsCold = true };

    public static readonly SettingsSection Section = new("telemetry", "Push export of metrics beside `/metrics`.", OtlpEndpoint);
}
