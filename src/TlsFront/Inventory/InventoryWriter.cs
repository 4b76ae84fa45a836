using TlsFront.Configuration;
using TlsFront.Telemetry;

namespace TlsFront.Inventory;

/// <summary>
/// Writes logins down every <c>inventory.flushEvery</c>, before that when many wait, and at the end. While the database cannot take them they wait
/// as long as there is room; that it cannot is told once, and so is that it can again. Mail goes on whatever happens here.
/// </summary>
/// <remarks>It has a thread of its own: SQLite blocks the one that waits for it.</remarks>
internal sealed partial class InventoryWriter(
    InventoryStore store, LoginInventory inventory, LoginBuffer buffer, SettingsStore settings, TlsFrontMetrics metrics, TimeProvider time,
    ILogger<InventoryWriter> logger) : BackgroundService
{
    /// <summary>Time between two looks for what has been kept long enough.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private bool _isFailing;

    /// <summary>Makes the database ready; why the gateway must not start with it, or null. One that is out of reach is no such reason.</summary>
    public string? Prepare()
    {
        if (store.Prepare() is not { } failure)
        {
            return null;
        }

        if (failure.IsSetup)
        {
            return $"inventory: {failure.Words}";
        }

        Fail(failure);
        return null;
    }

    /// <summary>Writes what waits; false if the database does not take it.</summary>
    public bool Flush()
    {
        for (var logins = buffer.Take(); logins.Length > 0; logins = buffer.Take())
        {
            if (inventory.Add(logins) is { } failure)
            {
                Fail(failure);
                return false;
            }

            metrics.InventoryRecorded(logins.Length);
            buffer.Release();
            if (_isFailing)
            {
                _isFailing = false;
                Log.Works(logger, store.Name);
            }
        }

        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        var flushEvery = settings.Current.Inventory.FlushEvery;
        var swept = DateTimeOffset.MinValue;
        while (!stop.IsCancellationRequested)
        {
            WaitHandle.WaitAny([buffer.HalfFull, stop.WaitHandle], flushEvery);
            var now = time.GetUtcNow();
            if (Flush() && now - swept >= SweepEvery)
            {
                swept = now;
                Sweep(now, flushEvery, stop);
            }
        }

        // Sessions are over; the host waits for this as long as for any service.
        Flush();
    }

    /// <summary>Deletes what is old, for as long as there is nothing to write.</summary>
    private void Sweep(DateTimeOffset now, TimeSpan longest, CancellationToken stop)
    {
        for (var isDone = false; !isDone && !stop.IsCancellationRequested && time.GetUtcNow() - now < longest;)
        {
            if (inventory.Sweep(now, out isDone) is { } failure)
            {
                Log.SweepFails(logger, failure.Words);
                return;
            }
        }
    }

    private void Fail(StoreFailure failure)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            Log.Fails(logger, failure.Words);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            920, LogLevel.Error,
            "Stopped recording logins: {Failure}; mail is not affected, and logins beyond inventory.buffer are dropped and counted",
            EventName = "InventoryFails")]
        public static partial void Fails(ILogger logger, string failure);

        [LoggerMessage(
            922, LogLevel.Warning, "Could not delete old logins from the inventory; trying again: {Failure}", EventName = "InventorySweepFails")]
        public static partial void SweepFails(ILogger logger, string failure);

        [LoggerMessage(921, LogLevel.Information, "Recording logins again: {Store}", EventName = "InventoryWorks")]
        public static partial void Works(ILogger logger, string store);
    }
}
