using System.Diagnostics;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Telemetry;

/// <summary>Which spans a connection leaves. Alone, because listeners hear the sources of the whole process.</summary>
[Collection(ExporterCollection.Name)]
public sealed class ConnectionSpansTests : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private TelemetryRig _rig;

    public ConnectionSpansTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ConnectionSpans.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(_listener);
        _rig = new(static variable => variable == "OTEL_TRACES_SAMPLER" ? "always_on" : null);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task Each_step_is_a_child_with_the_time_it_took()
    {
        var accepted = _rig.Time.GetUtcNow().UtcDateTime;
        await _rig.RunAsync(record =>
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(4));
            record.Secured(TelemetryRig.Tls13(), TimeSpan.FromMilliseconds(4));
            _rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            record.DestinationPicked("dovecot-imap", "192.0.2.1:10143", TimeSpan.FromMilliseconds(100));
            _rig.Time.Advance(TimeSpan.FromMilliseconds(20));
            record.BackendTried("dovecot-imap", "192.0.2.1:10143", TimeSpan.FromMilliseconds(20), "refused");
            record.DestinationPicked("dovecot-imap", "192.0.2.2:10143", TimeSpan.Zero);
            _rig.Time.Advance(TimeSpan.FromMilliseconds(3));
            record.BackendTried("dovecot-imap", "192.0.2.2:10143", TimeSpan.FromMilliseconds(3), null);
            _rig.Time.Advance(TimeSpan.FromMilliseconds(500));
            record.Greeted();
            _rig.Time.Advance(TimeSpan.FromHours(1));
            record.Close(CloseReason.ClientReset);
        });

        Assert.Equal(
            [
                ("tls handshake", 0, 4, null), ("route", 4, 100, null), ("backend connect", 104, 20, "refused"), ("route", 124, 0, null),
                ("backend connect", 124, 3, null), ("backend greeting", 127, 500, null), ("connection imaps", 0, 627, (string?)null)
            ],
            _spans.Select(span =>
                (
                    span.OperationName, (int)(span.StartTimeUtc - accepted).TotalMilliseconds, (int)span.Duration.TotalMilliseconds,
                    (string?)span.GetTagItem("error.type"))));
        var root = _spans[^1];
        Assert.All(_spans[..^1], span => Assert.Equal((root.TraceId, root.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal(ActivityStatusCode.Error, _spans[2].Status);
        Assert.Equal(("192.0.2.2:10143", ActivityStatusCode.Unset), (root.GetTagItem("tlsfront.destination"), root.Status));
    }

    [Fact]
    public async Task What_decided_where_a_held_login_goes_is_told_with_its_route()
    {
        await _rig.RunAsync(static record =>
        {
            record.DestinationPicked("dovecot-imap", "192.0.2.1:10143", TimeSpan.Zero);
            record.LoginRouted(RoutedBy.Default, isSticky: true);
            record.DestinationPicked("dovecot-imap", "192.0.2.1:10143", TimeSpan.Zero);
        });

        Assert.Equal(
            [(null, null), ("default", true)],
            _spans.Where(static span => span.OperationName == "route").Select(
                static span => ((string?)span.GetTagItem("tlsfront.by"), (bool?)span.GetTagItem("tlsfront.sticky"))));
    }

    [Fact]
    public async Task A_connection_that_is_never_served_ends_its_span_with_the_reason()
    {
        await _rig.RunAsync(
            record => record.HandshakeFailed(CloseReason.TlsVersionTooOld, "client offers at most TLS 1.0", TimeSpan.FromMilliseconds(1)));

        Assert.Equal(["tls handshake", "connection imaps"], _spans.Select(span => span.OperationName));
        Assert.All(_spans, span => Assert.Equal(("tls_version_too_old", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status)));
    }

    [Fact]
    public async Task A_load_balancer_that_sends_no_header_is_in_the_trace()
    {
        await _rig.RunAsync(record =>
        {
            record.Close(CloseReason.ProxyHeaderTimeout);
            record.HeaderEnded(TimeSpan.FromSeconds(5));
        });

        Assert.Equal(
            [("proxy header", "proxy_header_timeout"), ("connection imaps", "proxy_header_timeout")],
            _spans.Select(span => (span.OperationName, (string?)span.GetTagItem("error.type"))));
    }

    [Fact]
    public async Task A_lookup_is_a_step_and_a_failed_one_an_error()
    {
        await _rig.RunAsync(record =>
        {
            record.LookedUp(LookupResult.Found, TimeSpan.FromMilliseconds(2), isCached: false);
            record.LookedUp(LookupResult.Refused, TimeSpan.Zero, isCached: true);
            record.LookedUp(LookupResult.Timeout, TimeSpan.FromSeconds(5), isCached: false);
        });

        Assert.Equal(
            [("lookup", "found", false, null), ("lookup", "refused", true, null), ("lookup", "timeout", false, (string?)"timeout")],
            _spans[..^1].Select(static span => (
                span.OperationName, (string?)span.GetTagItem("tlsfront.result"), (bool)span.GetTagItem("tlsfront.cached")!,
                (string?)span.GetTagItem("error.type"))));
    }

    [Fact]
    public async Task No_span_stays_with_the_thread_that_made_it()
    {
        Activity? within = null;
        await _rig.RunAsync(record =>
        {
            within = Activity.Current;
            record.Secured(TelemetryRig.Tls13(), TimeSpan.Zero);
            within ??= Activity.Current;
            record.Greeted();
            within ??= Activity.Current;
        });

        Assert.Equal(3, _spans.Count);
        Assert.Null(within);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_connection_that_is_not_sampled_costs_no_byte()
    {
        _rig.Dispose();
        _rig = new(static variable => variable == "OTEL_TRACES_SAMPLER" ? "always_off" : null);
        var record = new ConnectionRecord(Facts(), "imaps", "imap", _rig.Events);
        var allocated = 0L;
        for (var i = 0; i < 10_000; i++)
        {
            // The first ones compile.
            var before = GC.GetAllocatedBytesForCurrentThread();
            Pass(_rig.Spans, record);
            allocated = i < 1000 ? 0 : allocated + GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Null(record.Trace);
        Assert.Empty(_spans);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(null, null, 0.25)]
    [InlineData("", null, 0.25)]
    [InlineData("always_on", null, 1)]
    [InlineData("parentbased_always_on", null, 1)]
    [InlineData("always_off", "1", 0)]
    [InlineData("parentbased_always_off", null, 0)]
    [InlineData("traceidratio", "0.5", 0.5)]
    [InlineData("ParentBased_TraceIdRatio", "0", 0)]
    [InlineData("traceidratio", null, 1)]
    [InlineData("traceidratio", "2", 1)]
    [InlineData("jaeger_remote", "endpoint=http://localhost", 0.25)]
    public void The_environment_goes_before_the_setting(string? sampler, string? argument, double expected)
    {
        _rig.Dispose();
        _rig = new(variable => variable == "OTEL_TRACES_SAMPLER" ? sampler : variable == "OTEL_TRACES_SAMPLER_ARG" ? argument : null);
        _rig.Settings.Replace(_rig.Settings.Current with { Telemetry = new TelemetrySettings(SampleRatio: 0.25) });

        Assert.Equal(expected, _rig.Sampling.Ratio);
        Assert.Equal(
            sampler == "jaeger_remote" || (expected == 1 && sampler == "traceidratio"),
            _rig.Logs.Any(log => log.Message.StartsWith("OTEL_TRACES_SAMPLER", StringComparison.Ordinal)));
    }

    private static void Pass(ConnectionSpans spans, ConnectionRecord record)
    {
        spans.Started(record);
        spans.HeaderEnded(record, TimeSpan.Zero);
        spans.HandshakeEnded(record, CloseReason.None, TimeSpan.Zero);
        spans.DestinationPicked(record, "dovecot-imap", "192.0.2.1:10143", TimeSpan.Zero);
        spans.BackendTried(record, "dovecot-imap", "192.0.2.1:10143", TimeSpan.Zero, null);
        spans.Greeted(record);
        spans.Ended(record, TimeSpan.Zero);
    }

    private static SessionFacts Facts() =>
        new() { Id = "1", HostName = "mail.example.com", Client = new(0x0100007F, 51000), Local = new(0x0100007F, 993), Tls = TelemetryRig.Tls13() };
}
