using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace TlsFront.Telemetry.Export;

/// <summary>
/// The last export: what is queued is sent, if that takes no longer than <see cref="Deadline"/>. A collector that is gone must not keep the process.
/// </summary>
internal sealed partial class ExportShutdown(OtlpTarget target, IServiceProvider services, TimeProvider time, ILogger<ExportShutdown> logger)
{
    /// <summary>For all signals together: a collector nearby takes milliseconds.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>Sends what is left; <paramref name="atOnce"/> gives it up.</summary>
    public async Task RunAsync(CancellationToken atOnce)
    {
        if (!target.IsAny)
        {
            return;
        }

        var timeout = (int)Deadline.TotalMilliseconds;
        var all = Task.WhenAll(
            Start(() => services.GetService<TracerProvider>()?.Shutdown(timeout)),
            Start(() => services.GetService<LoggerProvider>()?.Shutdown(timeout)),
            Start(() => services.GetService<MeterProvider>()?.Shutdown(timeout)));
        try
        {
            await all.WaitAsync(Deadline, time, atOnce);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Log.Lost(logger);
        }
    }

    /// <summary>On a thread of its own: a shutdown waits, and one must not wait for another.</summary>
    private static Task Start(Action shutdown) =>
        Task.Factory.StartNew(shutdown, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(
            430, LogLevel.Warning, "The collector did not take the last metrics, spans and log records in time; they are lost",
            EventName = "LastExportLost")]
        public static partial void Lost(ILogger logger);
    }
}
