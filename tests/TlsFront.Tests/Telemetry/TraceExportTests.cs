using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Telemetry;

/// <summary>What a collector gets of real connections, on both engines and by both transports of OTLP.</summary>
[Collection(ExporterCollection.Name)]
public sealed class TraceExportTests
{
    private const string ProxyHeader = "PROXY TCP4 203.0.113.5 198.51.100.10 51000 993\r\n";

    [Theory]
    [InlineData(EngineChoice.Managed, false)]
    [InlineData(EngineChoice.Managed, true)]
    [InlineData(EngineChoice.Native, false)]
    [InlineData(EngineChoice.Native, true)]
    public async Task A_sampled_connection_is_one_trace_from_accept_to_greeting_and_its_log_lines_name_it(object engine, bool isGrpc)
    {
        await using var collector = await OtlpCollector.StartAsync(isGrpc);
        await using var backend = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, settings => settings with
        {
            Telemetry = new TelemetrySettings(isGrpc ? collector.Address : new Uri(collector.Address, "/otlp"), SampleRatio: 1),
            Listeners =
            [
                .. settings.Listeners.Select(listener =>
                    listener with
                    {
                        ProxyProtocol = new ProxyHeaderSettings(NetworkSet.Of([IPNetwork.Parse("127.0.0.0/8")]), RefusesOthers: false)
                    })
            ],
        });
        await EngineGateway.SessionAsync(gateway, ProxyHeader);
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        await FlushAsync(gateway);

        var root = Assert.Single(collector.Spans, span => span.ParentId.Length == 0);
        var children = collector.Spans.Where(span => span.ParentId == root.SpanId).OrderBy(span => span.Start).ThenBy(span => span.End).ToList();
        Assert.Equal(["proxy header", "tls handshake", "route", "backend connect", "backend greeting"], children.Select(span => span.Name));
        Assert.Equal("connection imaps", root.Name);
        Assert.All(
            collector.Spans,
            span => Assert.Equal((root.TraceId, "tlsfront", "TlsFront", false), (span.TraceId, span.Service, span.Scope, span.IsError)));
        Assert.All(
            children,
            span =>
                Assert.True(
                    root.Start <= span.Start + 1_000_000 && span.Start <= span.End && span.End <= root.End + 1_000_000,
                    $"{span.Name} is not within {root.Name}"));
        Assert.Equal(
            ("203.0.113.5", "51000", "127.0.0.1", "imap", "dovecot-imap", backend.Destination),
            (
                root.Attributes["client.address"], root.Attributes["client.port"], root.Attributes["network.peer.address"],
                root.Attributes["network.protocol.name"], root.Attributes["tlsfront.backend"], root.Attributes["tlsfront.destination"]));
        Assert.Equal(("1.3", "mail.example.com"), (children[1].Attributes["tls.protocol.version"], children[1].Attributes["server.address"]));

        var lines = collector.Logs.Where(record => record.Scope == "TlsFront.AccessLog").ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal((root.TraceId, root.SpanId, "tlsfront"), (line.TraceId, line.SpanId, line.Service)));
        Assert.All(lines, line => Assert.Contains($" trace={root.TraceId}", line.Name, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(("demo", root.TraceId), (line.Attributes["User"], line.Attributes["Trace"])));
        Assert.DoesNotContain(
            collector.Logs,
            record =>
                record.Name.Contains("secret", StringComparison.Ordinal)
                    || record.Attributes.Values.Any(value => value.Contains("secret", StringComparison.Ordinal)));
        Assert.DoesNotContain(collector.Spans, span => span.Attributes.Values.Any(value => value is "demo" or "secret"));
        Assert.Contains("tlsfront.connection.duration", collector.Metrics.Keys);
        Assert.All(
            collector.Requests, path => Assert.StartsWith(isGrpc ? "/opentelemetry.proto.collector." : "/otlp/v1/", path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_connection_that_is_not_sampled_has_no_span_and_its_log_lines_say_so(object engine)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var backend = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync(
            (EngineChoice)engine, backend,
            settings => settings with { Telemetry = new TelemetrySettings(new Uri(collector.Address, "/otlp"), SampleRatio: 0) });
        await EngineGateway.SessionAsync(gateway);
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        await FlushAsync(gateway);

        Assert.Empty(collector.Spans);
        var lines = collector.Logs.Where(record => record.Scope == "TlsFront.AccessLog").ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Contains(" trace=-", line.Name, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(("", ""), (line.TraceId, line.SpanId)));

        // A reload puts another ratio in force.
        gateway.Store.Replace(gateway.Store.Current with { Telemetry = gateway.Store.Current.Telemetry with { SampleRatio = 1 } });
        await EngineGateway.SessionAsync(gateway);
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        await FlushAsync(gateway);
        Assert.Single(collector.Spans, span => span.ParentId.Length == 0);
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Connections_at_the_same_time_do_not_get_into_each_others_traces(object engine)
    {
        const int Clients = 24;
        await using var collector = await OtlpCollector.StartAsync();
        await using var backend = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync(
            (EngineChoice)engine, backend,
            settings => settings with { Telemetry = new TelemetrySettings(new Uri(collector.Address, "/otlp"), SampleRatio: 1) });
        await Parallel.ForAsync(
            0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await EngineGateway.SessionAsync(gateway));
        for (var i = 0; i < Clients; i++)
        {
            Assert.Equal("completed", await gateway.Ends.NextAsync());
        }

        await FlushAsync(gateway);
        var traces = collector.Spans.GroupBy(span => span.TraceId).ToList();
        Assert.Equal(Clients, traces.Count);
        Assert.All(
            traces,
            trace =>
                Assert.Equal(
                    ["backend connect", "backend greeting", "connection imaps", "route", "tls handshake"],
                    trace.Select(span => span.Name).Order(StringComparer.Ordinal)));
        Assert.All(traces, trace => Assert.Single(trace, span => span.ParentId.Length == 0));
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task How_long_a_session_was_silent_before_its_end_is_told_by_who_ended_it(object engine)
    {
        await using var backend = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync(
            (EngineChoice)engine, backend,
            settings => settings with { Timeouts = settings.Timeouts with { Relay = TimeSpan.FromMilliseconds(100) } });
        using var idle = new MetricCollector<double>(
            gateway.Host.Services.GetRequiredService<IMeterFactory>(), TlsFrontMetrics.MeterName, "tlsfront.session.idle_at_close");
        await EngineGateway.SessionAsync(gateway);
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        await using (var silent = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps")))
        {
            await silent.ExpectAsync("* OK ready\r\n");
            await silent.SendAsync("a LOGIN demo secret\r\n");
            await silent.ExpectAsync("a OK in\r\n");
            await silent.ReadToEndAsync();
        }

        Assert.Equal("client_idle", await gateway.Ends.NextAsync());
        await (await EngineGateway.ConnectAsync(gateway, "imaps", "no TLS")).DisposeAsync();
        Assert.Equal("not_tls", await gateway.Ends.NextAsync());

        // The third had no session.
        var ends = idle.GetMeasurementSnapshot();
        Assert.Equal(
            [("imaps", "backend", "closed"), ("imaps", "client", "timeout")],
            ends.Select(end => ((string?)end.Tags["tlsfront.listener"], (string?)end.Tags["tlsfront.side"], (string?)end.Tags["tlsfront.cause"])));

        // Engines' clocks tick in milliseconds.
        Assert.True(ends[1].Value >= 0.098, $"silent for {ends[1].Value} s");
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_collector_that_never_answers_holds_neither_sessions_nor_the_end(object engine)
    {
        // So that the exporters' own patience does not end it.
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_TIMEOUT", "600000");
        try
        {
            await using var collector = await OtlpCollector.StartAsync();
            collector.IsSilent = true;
            await using var backend = EngineGateway.Imap();
            var gateway = await EngineGateway.StartAsync(
                (EngineChoice)engine, backend,
                settings => settings with { Telemetry = new TelemetrySettings(new Uri(collector.Address, "/otlp"), SampleRatio: 1) });
            for (var i = 0; i < 5; i++)
            {
                await EngineGateway.SessionAsync(gateway);
                Assert.Equal("completed", await gateway.Ends.NextAsync());
            }

            await gateway.Host.StopAsync().WaitAsync(TestClient.Patience);
            await gateway.DisposeAsync().AsTask().WaitAsync(TestClient.Patience);
            Assert.NotEmpty(collector.Requests);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_TIMEOUT", null);
        }
    }

    /// <summary>What is queued is sent now; flushing waits, so not on a thread of the pool that a gateway may need.</summary>
    private static Task FlushAsync(TestGateway gateway) => Task.Factory.StartNew(
        () =>
        {
            var services = gateway.Host.Services;
            Assert.True(services.GetRequiredService<TracerProvider>().ForceFlush());
            Assert.True(services.GetRequiredService<LoggerProvider>().ForceFlush());

            // False whatever happens: the reader of the metrics page has nothing to flush to.
            services.GetRequiredService<MeterProvider>().ForceFlush();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
