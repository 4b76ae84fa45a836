namespace TlsFront.Policies;

/// <summary>Polls the files of networks once a second, as certificates are: it sees what file notifications miss.</summary>
internal sealed partial class AddressListWatcher(AddressLists lists, TimeProvider time, ILogger<AddressListWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Whatever happens in one look, the next must come: a list that nobody reads any more admits whom it should not.</summary>
    private void Look()
    {
        try
        {
            lists.Refresh();
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.LookFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(803, LogLevel.Error, "Looking at the files of networks failed", EventName = "NetworksLookFailed")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
