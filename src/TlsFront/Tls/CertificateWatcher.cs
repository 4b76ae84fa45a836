namespace TlsFront.Tls;

/// <summary>
/// Polls the certificate files once a second. Polling sees what file notifications miss: swapped links above the file, network file systems,
/// mounted secrets; and a new certificate is served within two seconds.
/// </summary>
internal sealed partial class CertificateWatcher(CertificateStore store, TimeProvider time, ILogger<CertificateWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Refresh();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Whatever happens in one look, the next must come: a certificate that expires unnoticed is worse than a line in the log.</summary>
    private void Refresh()
    {
        try
        {
            store.Refresh();
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
        [LoggerMessage(503, LogLevel.Error, "Looking at the certificate files failed", EventName = "CertificateLookFailed")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
