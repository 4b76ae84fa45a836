using System.Globalization;
using OpenTelemetry.Exporter;
using TlsFront.Configuration;

namespace TlsFront.Telemetry.Export;

/// <summary>
/// Where each signal is pushed to. <c>telemetry.otlpEndpoint</c> and <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, in this order, are for all of them; a
/// variable with a signal's name in it is for that one and goes before both.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="environment">Reads a variable.</param>
internal sealed class OtlpTarget(TelemetrySettings settings, Func<string, string?> environment)
{
    public const string Metrics = "metrics";
    public const string Traces = "traces";
    public const string Logs = "logs";

    /// <summary>Port of OTLP over HTTP; 4317 and others are taken for gRPC.</summary>
    private const int HttpPort = 4318;

    /// <summary>Whether anything is pushed.</summary>
    public bool IsAny => Has(Metrics) || Has(Traces) || Has(Logs);

    /// <summary>Whether <paramref name="signal"/> is pushed anywhere.</summary>
    public bool Has(string signal) => Read($"OTEL_{signal.ToUpperInvariant()}_EXPORTER") != "none" && Endpoint(signal) is not null;

    /// <summary>
    /// Fills in what a signal's exporter needs. The library reads the variables for all signals, this adds what is a signal's own. Given in code, an
    /// endpoint is used as it is, so the path of the signal is added here.
    /// </summary>
    public void Configure(OtlpExporterOptions options, string signal)
    {
        if (Endpoint(signal) is not var (endpoint, isSignals))
        {
            return;
        }

        if (Own(signal, "PROTOCOL") is { } protocol)
        {
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }
        else if (endpoint.Port == HttpPort || endpoint.AbsolutePath != "/")
        {
            // Neither can be gRPC.
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        }

        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf && !isSignals
            ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}")
            : endpoint;
        options.Headers = Own(signal, "HEADERS") ?? options.Headers;
        if (int.TryParse(Own(signal, "TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var timeout) && timeout > 0)
        {
            options.TimeoutMilliseconds = timeout;
        }
    }

    private (Uri Uri, bool IsSignals)? Endpoint(string signal)
    {
        if (Uri.TryCreate(Own(signal, "ENDPOINT"), UriKind.Absolute, out var own))
        {
            return (own, true);
        }

        return settings.OtlpEndpoint is { } set ? (set, false)
            : Uri.TryCreate(Read("OTEL_EXPORTER_OTLP_ENDPOINT"), UriKind.Absolute, out var common) ? (common, false)
            : null;
    }

    private string? Own(string signal, string option) => Read($"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_{option}");

    private string? Read(string variable) => environment(variable) is { Length: > 0 } value ? value.Trim() : null;
}
