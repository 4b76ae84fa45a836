using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Wires OpenTelemetry: <c>/metrics</c> always, OTLP where an endpoint is set.</summary>
internal static class OpenTelemetryExtensions
{
    public static void AddTlsFrontTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        services.AddSingleton<TlsFrontMetrics>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<IConnectionEvents, ConnectionTelemetry>();
        var version = typeof(OpenTelemetryExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tlsfront", serviceVersion: version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(TlsFrontMetrics.MeterName, "System.Runtime").AddPrometheusExporter();
                if (settings.OtlpEndpoint is not null || Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
                {
                    metrics.AddOtlpExporter(options =>
                    {
                        if (settings.OtlpEndpoint is not null)
                        {
                            options.Endpoint = settings.OtlpEndpoint;
                        }
                    });
                }
            });
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint();
}
