using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Access;
using TlsFront.Telemetry.Recent;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Telemetry;

/// <summary>The telemetry of a gateway without the gateway: what stages do to a record is played by the test.</summary>
internal sealed class TelemetryRig : IDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="environment">Reads variables; none if absent.</param>
    public TelemetryRig(Func<string, string?>? environment = null)
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging(logging => logging.AddFakeLogging()).AddSingleton<TimeProvider>(Time).AddSingleton(Settings);
        services.AddSingleton(provider => new TraceSampling(
            Settings, environment ?? (static _ => null), provider.GetRequiredService<ILogger<TraceSampling>>()));
        services.AddConnectionTelemetry();
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));

    public SettingsStore Settings { get; } = new(TestGateway.Settings("/nowhere"));

    public TlsFrontMetrics Metrics => Get<TlsFrontMetrics>();

    public ConnectionSpans Spans => Get<ConnectionSpans>();

    public TraceSampling Sampling => Get<TraceSampling>();

    public IConnectionEvents Events => Get<ConnectionEvents>();

    public RecentActivity Recent => Get<RecentActivity>();

    public RefusalLog Refusals => Get<RefusalLog>();

    /// <summary>Lines of the access log.</summary>
    public IReadOnlyList<FakeLogRecord> AccessLog => [.. Logs.Where(record => record.Category == "TlsFront.AccessLog")];

    public IReadOnlyList<FakeLogRecord> Logs => _services.GetFakeLogCollector().GetSnapshot();

    public static TlsFacts Tls13(string? serverName = "mail.example.com") =>
        new(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", serverName, null) { Group = "X25519MLKEM768", Resumed = true };

    /// <summary>Collects an instrument; dispose it.</summary>
    public MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(Get<IMeterFactory>(), TlsFrontMetrics.MeterName, instrument);

    /// <summary>The first stage of a listener, before <paramref name="rest"/>.</summary>
    public ConnectionRecordMiddleware Middleware(Func<ConnectionContext, ConnectionRecord, Task> rest, string listener = "imaps")
    {
        var settings = Settings.Current.Listeners.Single(settings => settings.Name == listener);
        Metrics.Watch(listener, settings.Protocol.ToString().ToLowerInvariant());
        return new(
            context => rest(context, context.Features.Get<ConnectionRecord>()!), settings, Settings, Get<ConnectionEvents>(),
            Get<RecordEnd>(), Time);
    }

    /// <summary>Passes one connection through the first stage.</summary>
    public Task RunAsync(Action<ConnectionRecord> rest, string listener = "imaps", string client = "203.0.113.5") =>
        Middleware((_, record) => Played(record, rest), listener).OnConnectionAsync(Context(client));

    public static ConnectionContext Context(string client = "203.0.113.5", string local = "198.51.100.10") =>
        new DefaultConnectionContext("transport")
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(client), 51000),
            LocalEndPoint = new IPEndPoint(IPAddress.Parse(local), 993),
        };

    public void Dispose() => _services.Dispose();

    private static Task Played(ConnectionRecord record, Action<ConnectionRecord> rest)
    {
        rest(record);
        return Task.CompletedTask;
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
