namespace TlsFront.Configuration.Schema;

/// <summary><c>telemetry</c>.</summary>
internal static class TelemetrySchema
{
    public static readonly Setting<Uri?> OtlpEndpoint = new("otlpEndpoint", new EndpointUriType()!,
        "OpenTelemetry collector that metrics, traces and logs are pushed to; none if absent. With port 4318 or a path it is OTLP over HTTP, otherwise gRPC. The `OTEL_EXPORTER_OTLP_*` variables apply as well.")
    { IsCold = true };

    public static readonly Setting<double> SampleRatio = new("sampleRatio", new RatioType(),
        "Part of the connections that is traced where there is a collector. `OTEL_TRACES_SAMPLER` goes before it.")
    { Default = new TelemetrySettings().SampleRatio };

    public static readonly SettingsSection Traces = new("traces", "Spans of connections.", SampleRatio);

    public static readonly SettingsSection Section = new("telemetry", "Push export of metrics, traces and logs.", OtlpEndpoint, Traces);
}
