using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TlsFront.Configuration;

namespace TlsFront.Telemetry.Export;

/// <summary>Wires OpenTelemetry: <c>/metrics</c> always; metrics, traces and logs by OTLP where there is a collector.</summary>
/// <remarks>
/// Kestrel's own meter is left out: our instruments say more of mail connections, and its <c>server.address</c> is the local address,
/// a new series with every new pod.
/// </remarks>
internal static class OpenTelemetryExtensions
{
    public static void AddTlsFrontTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        services.AddSingleton<Readiness>();
        services.AddConnectionTelemetry();
        services.AddSingleton(
            provider => new TraceSampling(provider.GetRequiredService<SettingsStore>(), provider.GetRequiredService<ILogger<TraceSampling>>()));
        var target = new OtlpTarget(settings, Environment.GetEnvironmentVariable);
        services.AddSingleton(target);
        services.AddSingleton<ExportShutdown>();
        var telemetry = services.AddOpenTelemetry()
            // The environment last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are the operator's word.
            .ConfigureResource(resource => resource.AddService("tlsfront", serviceVersion: ProgramVersion.Text).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(TlsFrontMetrics.MeterName, "System.Runtime").AddPrometheusExporter();
                if (target.Has(OtlpTarget.Metrics))
                {
                    metrics.AddOtlpExporter(options => target.Configure(options, OtlpTarget.Metrics));
                }
            });
        if (target.Has(OtlpTarget.Traces))
        {
            // TraceSampling has decided: what becomes a span here is exported.
            telemetry.WithTracing(traces => traces
                .AddSource(ConnectionSpans.SourceName)
                .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
                .AddProcessor(provider => Spans(target, provider.GetRequiredService<TlsFrontMetrics>())));
        }

        if (target.Has(OtlpTarget.Logs))
        {
            telemetry.WithLogging(
                logs => logs
                    .AddProcessor(new LogTraceProcessor())
                    .AddProcessor(provider => Records(target, provider.GetRequiredService<TlsFrontMetrics>())),
                options => options.IncludeFormattedMessage = true);
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint();

    /// <summary>The batch processors are made as the library makes them, OTEL_BSP_* and OTEL_BLRP_* variables included.</summary>
    private static CountedExport<Activity> Spans(OtlpTarget target, TlsFrontMetrics metrics)
    {
        var batches = new BatchExportActivityProcessorOptions();
        return CountedExport<Activity>.Create(
            new OtlpTraceExporter(Options(target, OtlpTarget.Traces)),
            exporter => new BatchActivityExportProcessor(
                exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize),
            exporter => new SimpleActivityExportProcessor(exporter),
            batches.MaxQueueSize,
            (reason, count) => metrics.TelemetryDropped(OtlpTarget.Traces, reason, count));
    }

    private static CountedExport<LogRecord> Records(OtlpTarget target, TlsFrontMetrics metrics)
    {
        var batches = new BatchExportLogRecordProcessorOptions();
        return CountedExport<LogRecord>.Create(
            new OtlpLogExporter(Options(target, OtlpTarget.Logs)),
            exporter => new BatchLogRecordExportProcessor(
                exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize),
            exporter => new SimpleLogRecordExportProcessor(exporter),
            batches.MaxQueueSize,
            (reason, count) => metrics.TelemetryDropped(OtlpTarget.Logs, reason, count));
    }

    private static OtlpExporterOptions Options(OtlpTarget target, string signal)
    {
        var options = new OtlpExporterOptions();
        target.Configure(options, signal);
        return options;
    }
}
