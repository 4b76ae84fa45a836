namespace TlsFront.Policies;

/// <summary>Polls the files of networks once a second, as certificates are: it sees what file notifications miss.</summary>
internal sealed class AddressListWatcher(AddressLists lists, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                lists.Refresh();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
