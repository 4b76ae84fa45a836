using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Export;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport;

namespace TlsFront.Tests.Telemetry;

/// <summary>What operators and Prometheus read, from a real server on a port of its own.</summary>
[Collection(ExporterCollection.Name)]
public sealed class AdminEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _client = new();
    private readonly WebApplication _app;
    private readonly ConnectionRecordMiddleware _imaps;

    public AdminEndpointTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        var settings = new SettingsStore(TestGateway.Settings("/nowhere"));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddTlsFrontTelemetry(new TelemetrySettings());
        _app = builder.Build();
        _app.MapHealth();
        _app.MapMetrics();
        _imaps = new(
            context => Session(context.Features.Get<ConnectionRecord>()!), settings.Current.Listeners.Single(listener => listener.Name == "imaps"),
            settings,
            _app.Services.GetRequiredService<ConnectionEvents>(), _app.Services.GetRequiredService<RecordEnd>(), TimeProvider.System);
        Metrics.Watch("imaps", "imap");
    }

    private TlsFrontMetrics Metrics => _app.Services.GetRequiredService<TlsFrontMetrics>();

    private Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    /// <summary>What the client of the session calls itself and asks for.</summary>
    private string Name { get; set; } = "mail.example.com";

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(
            _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Every_instrument_is_on_the_metrics_page_under_its_Prometheus_name()
    {
        Metrics.ObserveCertificates(static () => [("/etc/mail.pem", DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000))]);
        Metrics.ObserveRevocationLists(static () => [("/etc/users-crl.pem", DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000))]);
        Metrics.ObserveDestinations(static () => [("postfix", "192.0.2.1:10465", 3, true), ("postfix", "192.0.2.2:10465", 0, false)]);
        Metrics.ObserveQueues(static () => [("postfix", 4)]);
        Metrics.ProbeFailed("postfix", "192.0.2.2:10465", "no_greeting");
        Metrics.ObserveDrain(() => Readiness.IsDraining);
        Metrics.Reloaded(succeeded: true);
        await _imaps.OnConnectionAsync(TelemetryRig.Context());

        var page = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        AssertSeries(page, "tlsfront_active_connections", "0", "tlsfront_listener=\"imaps\"", "network_protocol_name=\"imap\"");
        AssertSeries(
            page, "tlsfront_connection_duration_seconds_bucket", "1", "tlsfront_listener=\"imaps\"", "error_type=\"backend_closed\"", "le=\"86400\"");
        AssertSeries(
            page, "tlsfront_session_idle_at_close_seconds_bucket", "1", "tlsfront_side=\"backend\"", "tlsfront_cause=\"closed\"", "le=\"302\"");
        AssertSeries(
            page, "tlsfront_session_idle_at_close_seconds_bucket", "0", "tlsfront_side=\"backend\"", "tlsfront_cause=\"closed\"", "le=\"298\"");
        AssertSeries(page, "tlsfront_tls_handshake_duration_seconds_bucket", "1", "tls_protocol_version=\"1.3\"", "le=\"0.001\"");
        AssertSeries(page, "tlsfront_tls_handshakes_total", "1", "tls_cipher=\"TLS_AES_256_GCM_SHA384\"", "tls_protocol_version=\"1.3\"");
        AssertSeries(page, "tlsfront_backend_connect_duration_seconds_count", "1", "tlsfront_backend=\"dovecot-imap\"");
        AssertSeries(page, "tlsfront_backend_active_sessions", "3", "tlsfront_backend=\"postfix\"", "tlsfront_destination=\"192.0.2.1:10465\"");
        AssertSeries(page, "tlsfront_backend_available", "1", "tlsfront_backend=\"postfix\"", "tlsfront_destination=\"192.0.2.1:10465\"");
        AssertSeries(page, "tlsfront_backend_available", "0", "tlsfront_backend=\"postfix\"", "tlsfront_destination=\"192.0.2.2:10465\"");
        AssertSeries(page, "tlsfront_backend_queued_sessions", "4", "tlsfront_backend=\"postfix\"");
        AssertSeries(page, "tlsfront_backend_probe_failures_total", "1", "tlsfront_destination=\"192.0.2.2:10465\"", "error_type=\"no_greeting\"");
        AssertSeries(page, "tlsfront_proxy_io_bytes_total", "5", "tlsfront_direction=\"client_to_backend\"");
        AssertSeries(page, "tlsfront_proxy_io_bytes_total", "7", "tlsfront_direction=\"backend_to_client\"");
        AssertSeries(page, "tlsfront_messages_total", "1", "tlsfront_result=\"accepted\"");
        AssertSeries(page, "tlsfront_logins_total", "1", "tlsfront_result=\"accepted\"");
        AssertSeries(page, "tlsfront_certificate_not_after_seconds", "1800000000", "tlsfront_certificate=\"/etc/mail.pem\"");
        AssertSeries(page, "tlsfront_revocation_list_next_update_seconds", "1700000000", "tlsfront_revocation_list=\"/etc/users-crl.pem\"");
        AssertSeries(page, "tlsfront_config_reloads_total", "1", "tlsfront_result=\"accepted\"");
        AssertSeries(page, "tlsfront_draining", "0");
        AssertSeries(page, "target_info", "1", "service_name=\"tlsfront\"", "service_version=\"0.");
        Assert.Contains("dotnet_", page, StringComparison.Ordinal);
        Assert.DoesNotContain("kestrel_", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain;version=0.0.4")]
    [InlineData("application/openmetrics-text;version=1.0.0")]
    public async Task Every_series_on_the_page_is_one_of_the_catalogue(string format)
    {
        Metrics.ObserveCertificates(static () => [("/etc/mail.pem", DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000))]);
        Metrics.ObserveRevocationLists(static () => [("/etc/users-crl.pem", DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000))]);
        Metrics.ObserveServedCertificates(static () => [("imaps", "/etc/mail.pem", true, DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000))]);
        Metrics.ObserveConnectionLimit(static () => 1000, static () => [("imaps", 500)]);
        Metrics.ObserveMemoryLimit(static () => 1L << 30);
        Metrics.ObserveDestinations(static () => [("postfix", "192.0.2.1:10465", 3, true)]);
        Metrics.ObserveQueues(static () => [("postfix", 4)]);
        Metrics.ObserveDrain(() => Readiness.IsDraining);
        Metrics.ObserveLoops(static () => [0, 3]);
        Metrics.ObserveNativeObjects(static () => [("ssl", 7)]);
        Metrics.ProbeFailed("postfix", "192.0.2.1:10465", "no_greeting");
        Metrics.Reloaded(succeeded: true);
        Metrics.TelemetryDropped("traces", "queue_full", 1);
        Metrics.InventoryRecorded(7);
        Metrics.CredentialsExposed(TestRecords.Create());
        Metrics.ObserveTlsLibrary("OpenSSL 3.0.22");
        Metrics.ObserveHeldLogins(static () => 2);
        Metrics.ObserveUserMaps(static () => [("imaps", "/etc/users.map", 4, DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000), true)]);
        var routed = TestRecords.Create();
        routed.LoginRouted(RoutedBy.Map, isSticky: false);
        Metrics.LoginRouted(routed);
        routed.PolicyDecided("starttls-ends", PolicyAction.Refuse);
        Metrics.PolicyDecided(routed);
        Metrics.LookedUp(TestRecords.Create(), LookupResult.Found, TimeSpan.FromMilliseconds(2), isCached: false);
        Metrics.LookedUp(TestRecords.Create(), LookupResult.Found, TimeSpan.Zero, isCached: true);
        var check = TestRecords.Create();
        check.Unannounced();
        check.Close(CloseReason.ClientClosed);
        Metrics.Ended(check, TimeSpan.Zero);
        await _imaps.OnConnectionAsync(TelemetryRig.Context());

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", format);
        using var response = await _client.SendAsync(request);
        Assert.Equal(format.Split(';')[0], response.Content.Headers.ContentType?.MediaType);
        var page = new PrometheusPage(await response.Content.ReadAsStringAsync());

        foreach (var metric in MetricCatalogue.All)
        {
            // OpenMetrics names a counter's family without _total.
            var name = CatalogueDocument.PrometheusName(metric);
            var samples = page.Samples.Where(
                sample => sample.Name == name || (metric.Kind == MetricKind.Histogram && sample.Name == name + "_bucket")).ToList();
            Assert.True(samples.Count > 0, $"{name} is not on the page");
            Assert.Equal(
                metric.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" },
                page.Types[samples[0].Family]);
            Assert.All(samples, sample => AssertDeclared(metric, sample.Labels));
        }

        var known = MetricCatalogue.All.Select(CatalogueDocument.PrometheusName).ToList();
        Assert.All(
            page.Types.Keys.Where(name => name.StartsWith("tlsfront_", StringComparison.Ordinal)),
            family => Assert.True(known.Contains(family) || known.Contains(family + "_total"), family));
    }

    [Fact]
    public async Task What_clients_call_themselves_adds_no_series()
    {
        await _imaps.OnConnectionAsync(TelemetryRig.Context());
        var before = Series(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        for (var client = 0; client < 1000; client++)
        {
            Name = $"host-{client}.example.com";
            await _imaps.OnConnectionAsync(TelemetryRig.Context($"203.0.{client / 250}.{1 + (client % 250)}"));
        }

        // The exporter answers from its cache for a moment.
        var page = await Pages().FirstAsync(
            text => Lines(text).Any(line => line.StartsWith("tlsfront_logins_total{", StringComparison.Ordinal) && Value(line) == "1001"));
        Assert.Equal(before, Series(page));
        Assert.DoesNotContain("host-", page, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_follows_the_gateway_and_never_comes_back_from_a_drain()
    {
        var starting = await ReadAsync("/readyz");
        Readiness.Ready();
        var ready = await ReadAsync("/readyz");
        Readiness.Drain();
        Readiness.Ready();
        var draining = await ReadAsync("/readyz");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting\n"), starting);
        Assert.Equal((HttpStatusCode.OK, "ready\n"), ready);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining\n"), draining);
        Assert.Equal((HttpStatusCode.OK, "alive\n"), await ReadAsync("/livez"));
    }

    private Task Session(ConnectionRecord record)
    {
        ISessionObserver observer = record;
        record.Secured(TelemetryRig.Tls13(Name), TimeSpan.FromMilliseconds(0.5));
        record.BackendTried("dovecot-imap", "192.0.2.1:10143", TimeSpan.FromMilliseconds(1), null);
        observer.LoginSucceeded(Name);
        observer.MessageAccepted();
        record.Greeted();
        record.SetIdle(TimeSpan.FromSeconds(300));
        record.BytesFromClient = 5;
        record.BytesToClient = 7;
        record.Close(CloseReason.BackendClosed, Name);
        return Task.CompletedTask;
    }

    private async IAsyncEnumerable<string> Pages()
    {
        while (true)
        {
            yield return await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> ReadAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static void AssertSeries(string page, string name, string value, params string[] labels) =>
        Assert.True(
            Lines(page).Any(line =>
                line.StartsWith(name + "{", StringComparison.Ordinal)
                    && labels.All(label => line.Contains(label, StringComparison.Ordinal))
                    && Value(line) == value),
            $"{name} {string.Join(' ', labels)} = {value} is not in:\n{page}");

    private static void AssertDeclared(MetricDescriptor metric, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (name, value) in labels.Where(label => label.Key != "le" && !label.Key.StartsWith("otel_scope_", StringComparison.Ordinal)))
        {
            var label = Assert.Single(metric.Labels, label => label.Name.Replace('.', '_') == name);
            Assert.True(label.Values?.Contains(value) ?? true, $"{metric.Name} has {name}={value}, which is not declared");
        }
    }

    /// <summary>The series of ours, without their values.</summary>
    private static List<string> Series(string page) =>
        [
            .. Lines(page)
                .Where(line => line.StartsWith("tlsfront_", StringComparison.Ordinal))
                .Select(line => line[..(line.LastIndexOf('}') + 1)])
                .Order(StringComparer.Ordinal),
        ];

    private static string[] Lines(string page) => page.Split('\n');

    private static string Value(string line) => line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0];
}
