using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Gateway;

/// <summary>One session's tries to reach a backend: never a destination twice, and one time budget over all of them.</summary>
internal sealed partial class BackendAttempt(
    string backend, ProxyHeaderProfile introduction, ConnectionRecord record, TimeSpan budget,
    DestinationPicker picker, IConnectionFactory factory, TimeProvider time, ILogger logger)
{
    private readonly HashSet<string> _tried = [];
    private TimeSpan _left = budget;

    /// <summary>
    /// Connects to the next destination that answers and introduces the client to it. Null when none is left or the budget is spent.
    /// </summary>
    public async ValueTask<ConnectionContext?> ConnectAsync(CancellationToken stop)
    {
        while (_left > TimeSpan.Zero && picker.Pick(backend, _tried, out var isLast) is { } destination)
        {
            _tried.Add(destination);
            record.Facts.CanFailOver = !isLast;
            var started = time.GetTimestamp();
            var (connection, failure) = await TryAsync(destination, stop);
            var elapsed = time.GetElapsedTime(started);
            _left -= elapsed;
            record.BackendTried(backend, destination, elapsed, failure == ConnectFailure.None ? null : Tag(failure));
            if (connection is not null)
            {
                return connection;
            }

            if (stop.IsCancellationRequested)
            {
                return null;
            }

            Log.ConnectFailed(logger, record.Facts.Id, backend, destination, Tag(failure), elapsed.TotalMilliseconds);
        }

        return null;
    }

    private static string Tag(ConnectFailure failure) => failure switch
    {
        ConnectFailure.Refused => "refused",
        ConnectFailure.Timeout => "timeout",
        ConnectFailure.Unreachable => "unreachable",
        ConnectFailure.NameNotResolved => "name_not_resolved",
        ConnectFailure.NoLocalPort => "no_local_port",
        _ => "other",
    };

    private async ValueTask<(ConnectionContext? Connection, ConnectFailure Failure)> TryAsync(string destination, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(_left, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        ConnectionContext? connection = null;
        try
        {
            connection = await factory.ConnectAsync(ToEndPoint(destination), both.Token);
            await IntroduceAsync(connection, both.Token);
            return (connection, ConnectFailure.None);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            return (null, Classify(exception));
        }
    }

    /// <summary>The PROXY header goes out in one write and before anything else: receivers read it with one peek.</summary>
    private async ValueTask IntroduceAsync(ConnectionContext connection, CancellationToken stop)
    {
        if (introduction.Version == ProxyHeaderVersion.None)
        {
            return;
        }

        var output = connection.Transport.Output;
        output.Advance(ProxyHeaderWriter.Write(output.GetSpan(introduction.MaximumLength), record.Facts, introduction));
        var flushed = await output.FlushAsync(stop);
        if (flushed.IsCompleted)
        {
            throw new IOException("The backend closed the connection before the PROXY header was sent.");
        }
    }

    private static EndPoint ToEndPoint(string destination)
    {
        if (IPEndPoint.TryParse(destination, out var address))
        {
            return address;
        }

        var colon = destination.LastIndexOf(':');
        return new DnsEndPoint(destination[..colon], int.Parse(destination.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static ConnectFailure Classify(Exception exception) => exception switch
    {
        OperationCanceledException => ConnectFailure.Timeout,
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => ConnectFailure.Refused,
            SocketError.TimedOut => ConnectFailure.Timeout,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => ConnectFailure.Unreachable,
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ConnectFailure.NameNotResolved,
            SocketError.AddressNotAvailable => ConnectFailure.NoLocalPort,
            _ => ConnectFailure.Other,
        },
        _ => ConnectFailure.Other,
    };

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} could not be connected: {Failure} after {Elapsed:F0} ms", EventName = "BackendConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, string id, string backend, string destination, string failure, double elapsed);
    }
}
