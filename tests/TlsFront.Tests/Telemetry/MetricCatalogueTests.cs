using System.Reflection;
using TlsFront.Backends;
using TlsFront.Backends.Probes;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Telemetry;

namespace TlsFront.Tests.Telemetry;

[Trait("Writes", "Documents")]
public sealed class MetricCatalogueTests
{
    [Fact]
    public void The_catalogue_in_deploy_is_what_the_code_declares() =>
        GeneratedDocument.AssertFile("deploy/telemetry/catalogue.md", CatalogueDocument.Write());

    [Fact]
    public void Every_metric_that_is_declared_is_in_the_catalogue()
    {
        var declared = typeof(MetricCatalogue)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<MetricDescriptor>();

        Assert.Equal(
            declared.Select(metric => metric.Name).Order(StringComparer.Ordinal),
            MetricCatalogue.All.Select(metric => metric.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_are_of_the_namespace_and_units_of_UCUM()
    {
        Assert.All(MetricCatalogue.All, metric => Assert.Matches(@"^tlsfront(\.[a-z][a-z_]*)+$", metric.Name));
        Assert.All(MetricCatalogue.All, metric => Assert.Matches(@"^(s|By|\{[a-z]+\})?$", metric.Unit ?? ""));
        Assert.All(
            MetricCatalogue.All.SelectMany(metric => metric.Labels),
            label => Assert.Matches(@"^(tlsfront\.[a-z_]+|tls\.[a-z.]+|network\.protocol\.name|error\.type)$", label.Name));
    }

    [Fact]
    public void Histograms_have_rising_buckets_and_nothing_else_has_any()
    {
        Assert.All(MetricCatalogue.All, metric => Assert.Equal(metric.Kind == MetricKind.Histogram, metric.Buckets.Count > 0));
        Assert.All(MetricCatalogue.All, metric => Assert.Equal(metric.Buckets.Distinct().Order(), metric.Buckets));
    }

    [Fact]
    public void Words_for_failed_connects_are_those_of_the_backends() =>
        Assert.Equal(
            Enum.GetValues<ConnectFailure>().Except([ConnectFailure.None]).Select(failure => failure.Tag()).Order(StringComparer.Ordinal),
            MetricLabels.ConnectError.Values!.Order(StringComparer.Ordinal));

    [Fact]
    public void Protocols_are_those_there_are() =>
        Assert.Equal(
            Enum.GetNames<MailProtocol>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            MetricLabels.Protocol.Values!.Order(StringComparer.Ordinal));

    [Fact]
    public void Probes_end_in_words_that_are_declared() =>
        Assert.All(
            Enum.GetValues<Opening>().Select(opening => ProbeResult.Of(new Greeting(opening), MailProtocol.Smtp).Failure).OfType<string>(),
            failure => Assert.Contains(failure, MetricLabels.ProbeError.Values!));

    [Fact]
    public void Every_end_that_has_a_side_is_declared() =>
        Assert.All(Enum.GetValues<CloseReason>().Select(reason => reason.EndedBy()).OfType<(string Side, string Cause)>(), end =>
        {
            Assert.Contains(end.Side, MetricLabels.Side.Values!);
            Assert.Contains(end.Cause, MetricLabels.Cause.Values!);
        });
}
