namespace TlsFront.Configuration.Schema;

/// <summary><c>telemetry</c>.</summary>
internal static class TelemetrySchema
{
    private static readonly SettingsSection<TelemetrySettings> Traces = new("traces", "Spans of connections.", new(),
        new Setting<TelemetrySettings, double>("sampleRatio", new RatioType(),
            static telemetry => telemetry.SampleRatio, static (telemetry, value) => telemetry with { SampleRatio = value },
            "Part of the connections that is traced where there is a collector. `OTEL_TRACES_SAMPLER` goes before it."));

    public static readonly SettingsSection<TelemetrySettings> Section = new("telemetry", "Push export of metrics, traces and logs.", new(),
        new Setting<TelemetrySettings, Uri?>("otlpEndpoint", new EndpointUriType("http://collector.internal:4317")!,
            static telemetry => telemetry.OtlpEndpoint, static (telemetry, value) => telemetry with { OtlpEndpoint = value },
            "OpenTelemetry collector that metrics, traces and logs are pushed to; none if absent. "
            + "With port 4318 or a path it is OTLP over HTTP, otherwise gRPC. The `OTEL_EXPORTER_OTLP_*` variables apply as well.")
        { IsCold = true },
        new SettingsGroup<TelemetrySettings, TelemetrySettings>(Traces, static telemetry => telemetry, static (_, value) => value));
}
