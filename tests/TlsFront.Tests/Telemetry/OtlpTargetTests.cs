using OpenTelemetry.Exporter;
using TlsFront.Configuration;
using TlsFront.Telemetry.Export;

namespace TlsFront.Tests.Telemetry;

public sealed class OtlpTargetTests
{
    private const string Common = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OfTraces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    [Theory]
    [InlineData("http://collector:4317", "", "http://collector:4317/", OtlpExportProtocol.Grpc)]
    [InlineData("http://collector:4318", "", "http://collector:4318/v1/traces", OtlpExportProtocol.HttpProtobuf)]
    [InlineData("https://collector/otlp/", "", "https://collector/otlp/v1/traces", OtlpExportProtocol.HttpProtobuf)]
    [InlineData(null, Common + "=http://collector:4318", "http://collector:4318/v1/traces", OtlpExportProtocol.HttpProtobuf)]
    [InlineData("http://set:4317", Common + "=http://collector:4318", "http://set:4317/", OtlpExportProtocol.Grpc)]
    [InlineData("http://set:4317", OfTraces + "=http://own:4318/traces", "http://own:4318/traces", OtlpExportProtocol.HttpProtobuf)]
    [InlineData(
        "http://set:4317", OfTraces + "=http://own:9999 OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "http://own:9999/",
        OtlpExportProtocol.HttpProtobuf)]
    [InlineData("http://set:9999", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "http://set:9999/v1/traces", OtlpExportProtocol.HttpProtobuf)]
    public void The_endpoint_of_a_signal_is_the_most_special_one(string? setting, string variables, string endpoint, OtlpExportProtocol protocol)
    {
        var target = Target(setting, variables);
        var options = new OtlpExporterOptions();
        target.Configure(options, OtlpTarget.Traces);

        Assert.True(target.Has(OtlpTarget.Traces));
        Assert.Equal((new Uri(endpoint), protocol), (options.Endpoint, options.Protocol));
    }

    [Theory]
    [InlineData(null, "", false, false)]
    [InlineData(null, Common + "=", false, false)]
    [InlineData(null, OfTraces + "=http://own:4318/v1/traces", true, false)]
    [InlineData("http://collector:4317", "OTEL_TRACES_EXPORTER=none", false, true)]
    [InlineData("http://collector:4317", "OTEL_TRACES_EXPORTER=otlp", true, true)]
    public void Only_signals_with_an_endpoint_are_pushed_and_each_can_be_left_out(string? setting, string variables, bool traces, bool logs)
    {
        var target = Target(setting, variables);

        Assert.Equal((traces, logs, traces || logs), (target.Has(OtlpTarget.Traces), target.Has(OtlpTarget.Logs), target.IsAny));
    }

    [Fact]
    public void Headers_and_timeout_may_be_a_signals_own()
    {
        var options = new OtlpExporterOptions();
        Target(
            "http://collector:4317",
            "OTEL_EXPORTER_OTLP_LOGS_HEADERS=tenant=mail OTEL_EXPORTER_OTLP_LOGS_TIMEOUT=1234").Configure(options, OtlpTarget.Logs);

        Assert.Equal(("tenant=mail", 1234), (options.Headers, options.TimeoutMilliseconds));
    }

    private static OtlpTarget Target(string? setting, string variables)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new OtlpTarget(new TelemetrySettings(setting is null ? null : new Uri(setting)), environment.GetValueOrDefault);
    }
}
