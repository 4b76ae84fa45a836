using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Access;
using TlsFront.Telemetry.Export;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport;

namespace TlsFront.Tests.Telemetry;

/// <summary>Collectors that are not there, do not answer or refuse: what is lost is counted, what comes after is delivered.</summary>
[Collection(ExporterCollection.Name)]
public sealed class LostExportTests : IAsyncDisposable
{
    /// <summary>The SDK's size of a queue.</summary>
    private const int Queue = 2048;

    private ServiceProvider? _services;
    private MetricCollector<long>? _dropped;

    public async ValueTask DisposeAsync()
    {
        _dropped?.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_missing_collector_does_not_get_is_counted_and_what_comes_when_it_is_back_arrives(bool isGrpc)
    {
        var collector = await OtlpCollector.StartAsync(isGrpc);
        Start(collector.Address, isGrpc);
        await collector.DisposeAsync();
        Emit(7);
        await FlushAsync();
        Assert.Equal((7, 7), (Dropped("traces", "export_failed"), Dropped("logs", "export_failed")));

        await using var back = await OtlpCollector.StartAsync(isGrpc, collector.Address.Port);
        Emit(3);
        await FlushAsync();
        Assert.Equal((3, 3), (back.Spans.Count, back.Logs.Count));
        Assert.Equal((7, 7), (Dropped("traces", "export_failed"), Dropped("logs", "export_failed")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_collector_refuses_is_counted_and_what_comes_when_it_is_well_again_arrives(bool isGrpc)
    {
        await using var collector = await OtlpCollector.StartAsync(isGrpc);
        Start(collector.Address, isGrpc);
        collector.IsUnavailable = true;
        Emit(7);
        await FlushAsync();
        Assert.Equal((7, 7), (Dropped("traces", "export_failed"), Dropped("logs", "export_failed")));

        collector.IsUnavailable = false;
        Emit(3);
        await FlushAsync();
        Assert.Equal((3, 3), (collector.Spans.Count, collector.Logs.Count));
    }

    [Fact]
    public async Task What_a_collector_that_never_answers_makes_too_much_is_dropped_and_counted_at_once()
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.IsSilent = true;
        Start(collector.Address, isGrpc: false);
        Emit(Queue + 1000);

        Assert.Equal((1000, 1000), (Dropped("traces", "queue_full"), Dropped("logs", "queue_full")));
        Assert.Equal((0, 0), (Dropped("traces", "export_failed"), Dropped("logs", "export_failed")));
    }

    private void Start(Uri collector, bool isGrpc)
    {
        var services = new ServiceCollection();
        var settings = TestGateway.Settings("/nowhere") with
        {
            Telemetry = new TelemetrySettings(isGrpc ? collector : new Uri(collector, "/otlp"), SampleRatio: 1)
        };
        services.AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton(new SettingsStore(settings));
        services.AddTlsFrontTelemetry(settings.Telemetry);
        _services = services.BuildServiceProvider();
        _services.GetRequiredService<TracerProvider>();
        _dropped = new(_services.GetRequiredService<IMeterFactory>(), TlsFrontMetrics.MeterName, "tlsfront.telemetry.dropped");
        _services.GetRequiredService<TlsFrontMetrics>();
    }

    private void Emit(int count)
    {
        var spans = _services!.GetRequiredService<ConnectionSpans>();
        var log = _services!.GetRequiredService<AccessLog>();
        for (var i = 0; i < count; i++)
        {
            var record = TestRecords.Create();
            spans.Started(record);
            spans.Ended(record, TimeSpan.Zero);
            log.Ended(record, TimeSpan.Zero);
        }
    }

    private long Dropped(string signal, string reason) =>
        _dropped!.GetMeasurementSnapshot()
            .Where(measurement => signal.Equals(measurement.Tags["tlsfront.signal"]) && reason.Equals(measurement.Tags["error.type"]))
            .Sum(measurement => measurement.Value);

    private Task FlushAsync() => Task.Factory.StartNew(
        () =>
        {
            _services!.GetRequiredService<TracerProvider>().ForceFlush();
            _services!.GetRequiredService<LoggerProvider>().ForceFlush();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
