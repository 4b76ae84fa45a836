using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Wires OpenTelemetry: <c>/metrics</c> always, OTLP where an endpoint is set.</summary>
/// <remarks>
/// Kestrel's own meter is left out: our instruments say more of mail connections, and its <c>server.address</c> is the local address, a new series
/// with every new pod.
/// </remarks>
internal static class OpenTelemetryExtensions
{
    /// <summary>Port of OTLP over HTTP; 4317 and others are taken for gRPC.</summary>
    private const int HttpPort = 4318;

    public static void AddTlsFrontTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        services.AddSingleton<TlsFrontMetrics>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ConnectionTelemetry>();
        services.AddSingleton<IConnectionEvents>(static provider => provider.GetRequiredService<ConnectionTelemetry>());
        services.AddSingleton<IBackendEvents>(static provider => provider.GetRequiredService<ConnectionTelemetry>());
        var version = typeof(OpenTelemetryExtensions).Assembly.GetName().Version?.ToString(3);
        services.AddOpenTelemetry()
            // The environment last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are the operator's word.
            .ConfigureResource(resource => resource.AddService("tlsfront", serviceVersion: version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(TlsFrontMetrics.MeterName, "System.Runtime").AddPrometheusExporter();
                if (settings.OtlpEndpoint is { } endpoint)
                {
                    metrics.AddOtlpExporter(options => PointTo(options, endpoint));
                }
                else if (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
                {
                    metrics.AddOtlpExporter();
                }
            });
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint();

    /// <summary>
    /// Takes <paramref name="endpoint"/> as OTEL_EXPORTER_OTLP_ENDPOINT is taken. Set in code the exporter uses it as it is, so the path of metrics is
    /// added here; an endpoint with a path or HTTP's port cannot be gRPC.
    /// </summary>
    private static void PointTo(OtlpExporterOptions options, Uri endpoint)
    {
        if (endpoint.Port == HttpPort || endpoint.AbsolutePath != "/")
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }

        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/metrics") : endpoint;
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
