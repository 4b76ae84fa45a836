using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>
/// Binds the mail listeners and takes each connection through the pipeline of its listener. Kestrel's server does the same, but always through the
/// thread pool: a hop that costs a twentieth of a full handshake, and a kilobyte for each session.
/// </summary>
internal sealed partial class MailServer(
    SettingsStore settings, MailListenerFactory factory, TransportEngine engine, MailConnections connections, IServiceProvider services,
    TimeProvider time, ILogger<MailServer> logger)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly List<(MailListener Listener, ConnectionDelegate Pipeline)> _bound = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>Binds all listeners, then accepts on all of them.</summary>
    /// <exception cref="GatewayStartException">An address cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in settings.Current.Listeners)
        {
            var pipeline = new ConnectionBuilder(services).UseMail(listener).Build();
            _bound.Add((await factory.BindAsync(listener, cancellationToken), pipeline));
        }

        _accepting = Task.WhenAll(_bound.Select(bound => AcceptAsync(bound.Listener, bound.Pipeline)));
    }

    /// <summary>Stops accepting, and ends connections that are left when <paramref name="cancellationToken"/> is set.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_bound.Select(static bound => bound.Listener.StopAcceptingAsync()));
        await _accepting;
        while (connections.Count > 0)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                connections.AbortAll();
            }

            await Task.Delay(Tick, time, CancellationToken.None);
        }
    }

    /// <summary>After a start that failed, too.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        foreach (var (listener, _) in _bound)
        {
            await listener.DisposeAsync();
        }

        _bound.Clear();
    }

    private async Task AcceptAsync(MailListener listener, ConnectionDelegate pipeline)
    {
        try
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                if (engine.BeginsInLoop)
                {
                    _ = ServeAsync(connection, pipeline);
                }
                else
                {
                    // Whoever accepts must not make the handshakes of all others as well.
                    _ = Task.Run(() => ServeAsync(connection, pipeline));
                }
            }
        }
        catch (Exception exception)
        {
            Log.AcceptingFailed(logger, exception, listener.EndPoint);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate pipeline)
    {
        try
        {
            await pipeline(connection);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, connection.ConnectionId);
        }

        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, connection.ConnectionId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(105, LogLevel.Critical, "Accepting on {Address} ended; restart the gateway", EventName = "AcceptingFailed")]
        public static partial void AcceptingFailed(ILogger logger, Exception exception, System.Net.EndPoint address);

        [LoggerMessage(106, LogLevel.Error, "{Id}: a connection failed unexpectedly", EventName = "ConnectionFailedOutside")]
        public static partial void Failed(ILogger logger, Exception exception, string id);
    }
}
