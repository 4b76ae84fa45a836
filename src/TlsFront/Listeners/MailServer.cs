using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>
/// Binds the mail listeners and takes each connection through the pipeline of its listener, in the loop where it lives if the engine has loops.
/// Kestrel's server always begins in the thread pool, which costs a twentieth of a full handshake, and keeps a kilobyte for each session.
/// </summary>
internal sealed partial class MailServer(
    SettingsStore settings, MailListenerFactory factory, MailConnections connections, SessionRegistry sessions, IServiceProvider services,
    ILogger<MailServer> logger)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a connection that was cut may take to end; Kestrel gives it as long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

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
        if (await EndAsync(cancellationToken))
        {
            return;
        }

        sessions.AbortAll();
        connections.AbortAll();
        using var grace = new CancellationTokenSource(Grace);
        if (!await EndAsync(grace.Token))
        {
            Log.Left(logger, connections.Open);
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

    /// <summary>Waits until there is no connection; false if <paramref name="stop"/> is set first.</summary>
    private async Task<bool> EndAsync(CancellationToken stop)
    {
        while (connections.Open > 0)
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(Tick, CancellationToken.None);
        }

        return true;
    }

    private async Task AcceptAsync(MailListener listener, ConnectionDelegate pipeline)
    {
        try
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                _ = ServeAsync(connection, pipeline);
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
            if (connection.Features.Get<IMailTransport>() is ILoopBound bound)
            {
                await bound.EnterLoopAsync();
            }
            else
            {
                // Whoever accepts must not make the handshakes of all others as well.
                await Task.Yield();
            }

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
        public static partial void AcceptingFailed(ILogger logger, Exception exception, EndPoint address);

        [LoggerMessage(106, LogLevel.Error, "{Id}: could not serve or close a connection", EventName = "ServingFailed")]
        public static partial void Failed(ILogger logger, Exception exception, string id);

        [LoggerMessage(107, LogLevel.Warning, "Stopped with {Connections} connections that did not end", EventName = "ConnectionsLeft")]
        public static partial void Left(ILogger logger, int connections);
    }
}
