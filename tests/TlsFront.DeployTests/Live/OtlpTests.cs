using System.Globalization;
using System.Text.Json;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using TlsFront.Telemetry;
using Xunit.Abstractions;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// What a collector gets from the real process under real mail traffic: the metrics of the catalogue, a trace for each connection, and the log.
/// </summary>
public sealed class OtlpTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    /// <summary>There only when something went wrong that does not here, or where logins are held or certificates of clients asked for.</summary>
    private static readonly string[] Rare =
    [
        MetricCatalogue.TelemetryDropped.Name, MetricCatalogue.ProbeFailures.Name, MetricCatalogue.BalancerChecks.Name,
        MetricCatalogue.CredentialsExposed.Name, MetricCatalogue.LoginsRouted.Name, MetricCatalogue.PolicyDecisions.Name,
        MetricCatalogue.UserMapEntries.Name,
        MetricCatalogue.UserMapRead.Name, MetricCatalogue.UserMapCurrent.Name, MetricCatalogue.LookupDuration.Name,
        MetricCatalogue.CachedLookups.Name, MetricCatalogue.RevocationListNextUpdate.Name, MetricCatalogue.InventoryRecorded.Name,
    ];

    /// <summary>A connection's way; some clients leave on it.</summary>
    private static readonly string[] Steps = ["tls handshake", "route", "backend connect", "backend greeting"];

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task A_collector_decodes_metrics_traces_and_logs(string transport)
    {
        var user = Backends.NewUser();
        await using var receiver = await OtlpReceiver.StartAsync();
        var gateway = await StartGatewayAsync(Setup with
        {
            DrainDelay = "0s",
            Arguments =
            [
                "--set", $"telemetry.otlpEndpoint={receiver.Endpoint(transport)}", "--set", "telemetry.traces.sampleRatio=1", "--set",
                "tls.checkInterval=1s"
            ],
        });
        var traffic = new Traffic(gateway);
        await traffic.MailAsync(user);
        await traffic.RefusedLoginAsync(user);
        await traffic.ResumedAsync();
        await traffic.CleartextAsync();
        await Eventually.TrueAsync(
            "what is served was looked at",
            async () => (await gateway.GetAsync("/metrics")).Contains("tlsfront_certificate_served{", StringComparison.Ordinal));

        // What is left is sent before the process ends.
        gateway.Process.Signal(UnixSignal.Terminate);
        Assert.Equal(0, await gateway.Process.ExitAsync());

        Assert.All(receiver.Lines, line => Assert.Contains($"\"transport\":\"{transport}\"", line, StringComparison.Ordinal));
        Assert.All(receiver.Lines, line => Assert.DoesNotContain(user.Password, line, StringComparison.Ordinal));
        var connections = MetricsAreTheCatalogues(receiver.Requests(transport, "metrics"));
        var roots = EachConnectionIsATrace(receiver.Requests(transport, "traces"), connections);
        LogLinesNameTheirTrace(receiver.Requests(transport, "logs"), connections, roots, user.Name);
    }

    /// <returns>How many connections there were.</returns>
    private static int MetricsAreTheCatalogues(IReadOnlyList<JsonElement> requests)
    {
        // Sums since the start: the last request has everything.
        var resource = requests[^1].List("resourceMetrics").Single();
        IsTlsFront(resource);
        var metrics = resource.List("scopeMetrics")
            .Single(static scope => scope.GetProperty("scope").Text("name") == TlsFrontMetrics.MeterName)
            .List("metrics")
            .ToDictionary(static metric => metric.Text("name"), StringComparer.Ordinal);
        Assert.Equal(
            MetricCatalogue.All.Select(static metric => metric.Name).Except(Rare).Order(StringComparer.Ordinal),
            metrics.Keys.Order(StringComparer.Ordinal));
        foreach (var definition in MetricCatalogue.All.Where(definition => metrics.ContainsKey(definition.Name)))
        {
            IsAsDefined(metrics[definition.Name], definition);
        }

        Assert.Equal(1, Sum(metrics[MetricCatalogue.Messages.Name], "accepted"));
        Assert.Equal(3, Sum(metrics[MetricCatalogue.Logins.Name], "accepted"));
        Assert.Equal(1, Sum(metrics[MetricCatalogue.Logins.Name], "refused"));
        Assert.Equal(1, Count(metrics[MetricCatalogue.HandshakeDuration.Name], "not_tls"));
        Assert.Equal(5, Sum(metrics[MetricCatalogue.Handshakes.Name], "true"));
        return Count(metrics[MetricCatalogue.ConnectionDuration.Name], null);
    }

    private static void IsAsDefined(JsonElement metric, MetricDescriptor definition)
    {
        Assert.Equal((definition.Unit ?? "", definition.Description), (metric.Text("unit"), metric.Text("description")));
        var (field, isMonotonic) = definition.Kind switch
        {
            MetricKind.Counter => ("sum", true),
            MetricKind.UpDownCounter => ("sum", false),
            MetricKind.Gauge => ("gauge", false),
            _ => ("histogram", false),
        };
        Assert.True(metric.TryGetProperty(field, out var data), $"{definition.Name} is no {field}: {metric}");
        Assert.Equal(isMonotonic, data.TryGetProperty("isMonotonic", out var monotonic) && monotonic.GetBoolean());
        if (field != "gauge")
        {
            Assert.Equal("AGGREGATION_TEMPORALITY_CUMULATIVE", data.Text("aggregationTemporality"));
        }

        var points = data.List("dataPoints").ToList();
        Assert.NotEmpty(points);
        foreach (var point in points)
        {
            Assert.Equal(definition.Buckets, point.List("explicitBounds").Select(static bound => bound.GetDouble()));
            var attributes = point.Attributes();
            Assert.Subset(definition.Labels.Select(static label => label.Name).ToHashSet(), attributes.Keys.ToHashSet());
            foreach (var label in definition.Labels)
            {
                if (attributes.TryGetValue(label.Name, out var value))
                {
                    Assert.True(label.Values is null || label.Values.Contains(value), $"{definition.Name}: {label.Name} is {value}");
                }
                else
                {
                    Assert.True(label.WhenAbsent is not null, $"{definition.Name} lacks {label.Name}");
                }
            }
        }
    }

    /// <returns>The ids of trace and span of each connection.</returns>
    private static HashSet<(string Trace, string Span)> EachConnectionIsATrace(IReadOnlyList<JsonElement> requests, int connections)
    {
        var resources = requests.SelectMany(static request => request.List("resourceSpans")).ToList();
        Assert.All(resources, IsTlsFront);
        var spans = resources.SelectMany(static resource => resource.List("scopeSpans")).SelectMany(static scope => scope.List("spans")).ToList();
        var roots = spans.Where(static span => span.Text("parentSpanId").Length == 0).ToList();
        Assert.Equal(connections, roots.Count);
        Assert.Equal(
            ["connection imaps", "connection pop3s", "connection submissions"],
            roots.Select(static span => span.Text("name")).Distinct().Order(StringComparer.Ordinal));
        foreach (var root in roots)
        {
            var children = spans.Where(
                span => span.Text("parentSpanId") == root.Text("spanId") && span.Text("traceId") == root.Text("traceId")).ToList();
            var attributes = root.Attributes();
            Assert.Equal("SPAN_KIND_SERVER", root.Text("kind"));
            Assert.Equal("127.0.0.1", attributes["client.address"]);
            Assert.Equal(
                Steps.Take(children.Count).Order(StringComparer.Ordinal),
                children.Select(static span => span.Text("name")).Order(StringComparer.Ordinal));
            var handshake = children.Single(static span => span.Text("name") == "tls handshake").Attributes();
            Assert.True(
                handshake.TryGetValue("tls.cipher", out var cipher)
                    ? cipher.StartsWith("TLS_", StringComparison.Ordinal)
                    : handshake["error.type"] == "not_tls",
                $"{string.Join(", ", handshake)}");
        }

        // Three of a person's and one with a wrong password, at least, were served.
        Assert.True(spans.Count(static span => span.Text("name") == Steps[^1]) >= 4);
        Assert.Equal(spans.Count, spans.Select(static span => span.Text("spanId")).Distinct().Count());
        return [.. roots.Select(static root => (root.Id("traceId"), root.Id("spanId")))];
    }

    private static void LogLinesNameTheirTrace(
        IReadOnlyList<JsonElement> requests, int connections, HashSet<(string Trace, string Span)> roots, string user)
    {
        var resources = requests.SelectMany(static request => request.List("resourceLogs")).ToList();
        Assert.All(resources, IsTlsFront);
        var records = resources.SelectMany(static resource => resource.List("scopeLogs"))
            .Where(static scope => scope.GetProperty("scope").Text("name") == "TlsFront.AccessLog")
            .SelectMany(static scope => scope.List("logRecords"))
            .ToList();
        Assert.All(records, record => Assert.Contains((record.Id("traceId"), record.Id("spanId")), roots));
        Assert.All(
            records,
            record => Assert.Contains($"trace={record.Id("traceId")}", record.GetProperty("body").Text("stringValue"), StringComparison.Ordinal));
        var logins = records.Where(static record => record.Attributes().ContainsKey("Result")).Select(static record => record.Attributes()).ToList();
        Assert.Equal(["accepted", "accepted", "accepted", "refused"], logins.Select(static login => login["Result"]).Order(StringComparer.Ordinal));
        Assert.All(logins.Where(static login => login["Result"] == "accepted"), login => Assert.Equal(user, login["User"]));
        Assert.Equal(connections, records.Count(static record => record.Attributes().ContainsKey("Reason")));
    }

    private static void IsTlsFront(JsonElement signal)
    {
        var attributes = signal.GetProperty("resource").Attributes();
        Assert.Equal("tlsfront", attributes["service.name"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", attributes["service.version"]);
        Assert.NotEmpty(attributes["service.instance.id"]);
    }

    private static int Sum(JsonElement metric, string value) =>
        metric.GetProperty("sum")
            .List("dataPoints")
            .Where(point => point.Attributes().Values.Contains(value))
            .Sum(static point => Number(point.Text("asInt")));

    private static int Count(JsonElement metric, string? value) =>
        metric.GetProperty("histogram")
            .List("dataPoints")
            .Where(point => value is null || point.Attributes().Values.Contains(value))
            .Sum(static point => Number(point.Text("count")));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
