namespace TlsFront.Tls;

/// <summary>
/// Polls the files of certificates and session ticket keys once a second. Polling sees what file notifications miss: swapped links above the file, network file systems,
/// mounted secrets; and a new certificate is served within two seconds.
/// </summary>
internal sealed partial class TlsFileWatcher(CertificateStore certificates, TicketKeyStore ticketKeys, TimeProvider time, ILogger<TlsFileWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look(certificates.Refresh);
                Look(ticketKeys.Refresh);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Whatever happens in one look, the next must come: a certificate that expires, or a key that goes on, unnoticed is worse than a line in the log.</summary>
    private void Look(Action look)
    {
        try
        {
            look();
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
        [LoggerMessage(503, LogLevel.Error, "Looking at the files of certificates and session ticket keys failed", EventName = "TlsFileLookFailed")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
