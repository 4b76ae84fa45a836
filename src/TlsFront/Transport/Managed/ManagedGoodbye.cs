using System.Net.Security;
using TlsFront.Configuration;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The end of a session towards the client: deliver what is left, say close_notify (RFC 8314 section 3.4, RFC 8446 section 6.1), and wait
/// a moment for the client's own end, because closing with unread bytes makes the kernel send a reset that overtakes the goodbye.
/// </summary>
internal sealed class ManagedGoodbye(PipeSide client, SslStream? tls, WakeSignal wake, TimeoutSettings timeouts, TimeProvider time)
{
    /// <summary>Says goodbye; returns early when <paramref name="stop"/> is set.</summary>
    public async ValueTask SayAsync(CancellationToken stop)
    {
        using var deadline = new SessionDeadline(time, wake.Set);
        deadline.Restart(timeouts.Write);
        do
        {
            client.Poll();
            client.StartFlush();
        }
        while (client.Blocked && await GoesOnAsync(deadline, stop));

        if (client.OutputEnded || client.Blocked)
        {
            return;
        }

        if (tls is not null && !await CloseNotifyAsync(tls))
        {
            return;
        }

        deadline.Restart(timeouts.Linger);
        do
        {
            client.Poll();
            client.Consume((int)client.Length);
            client.StartRead();
        }
        while (!client.Ended && await GoesOnAsync(deadline, stop));
    }

    private async ValueTask<bool> GoesOnAsync(SessionDeadline deadline, CancellationToken stop)
    {
        await wake.WaitAsync();
        return !deadline.HasPassed && !stop.IsCancellationRequested;
    }

    private async ValueTask<bool> CloseNotifyAsync(SslStream stream)
    {
        try
        {
            await stream.ShutdownAsync().WaitAsync(timeouts.Linger, time);
            return true;
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }
}
