using System.Net.Security;
using TlsFront.Configuration;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The end of a session towards the client: deliver what is left, say close_notify (RFC 8314 section 3.4, RFC 8446 section 6.1), and wait
/// a moment for the client's own end, because closing with unread bytes makes the kernel send a reset that overtakes the goodbye.
/// </summary>
internal sealed class ManagedGoodbye(PipeSide client, SslStream? tls, WakeSignal wake, TimeoutSettings timeouts, TimeProvider time)
{
    /// <summary>Says goodbye, without waiting once <paramref name="stop"/> is set; false if the client does not take it and should be cut.</summary>
    public async ValueTask<bool> SayAsync(CancellationToken stop)
    {
        using var deadline = new SessionDeadline(time, wake.Set);
        deadline.Restart(timeouts.Write);
        while (true)
        {
            client.Poll();
            client.StartFlush();
            if (!client.Blocked)
            {
                break;
            }

            if (deadline.HasPassed || stop.IsCancellationRequested)
            {
                return false;
            }

            await wake.WaitAsync();
        }

        if (client.OutputEnded)
        {
            return true;
        }

        if (tls is null)
        {
            client.EndOutput();
        }
        else if (!await CloseNotifyAsync(tls, stop))
        {
            return false;
        }

        deadline.Restart(timeouts.Linger);
        while (true)
        {
            client.Poll();
            client.Consume((int)client.Length);
            client.StartRead();
            if (client.Ended || deadline.HasPassed || stop.IsCancellationRequested)
            {
                return true;
            }

            await wake.WaitAsync();
        }
    }

    private async ValueTask<bool> CloseNotifyAsync(SslStream stream, CancellationToken stop)
    {
        try
        {
            await stream.ShutdownAsync().WaitAsync(timeouts.Linger, time, stop);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The client is gone.
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
