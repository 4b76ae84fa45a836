namespace TlsFront.Tests.Telemetry;

/// <summary>Tests of exporters run alone: OpenTelemetry finds meters by name in the whole process, those of other tests' gateways included.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExporterCollection
{
    public const string Name = "Exporters";
}
