using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Gateway;

/// <summary>
/// One session's tries to reach a backend: never a destination twice, and one time budget over all of them. Each try gets an equal share of
/// what is left, greeting included, so that a destination that swallows packets leaves time for the others.
/// </summary>
internal sealed partial class BackendAttempt(
    BackendSettings backend, ProxyHeaderProfile introduction, ConnectionRecord record, TimeSpan budget,
    DestinationPicker picker, IConnectionFactory factory, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly HashSet<string> _tried = [];
    private DestinationLease? _lease;
    private long _started;

    /// <summary>
    /// Connects to the next destination that answers and introduces the client to it. Null when none is left, the budget is spent or
    /// <paramref name="stop"/> is set. <paramref name="failure"/> is why the one before, if it was connected, was given up.
    /// </summary>
    public async ValueTask<ConnectionContext?> ConnectAsync(CloseReason failure, CancellationToken stop)
    {
        if (_lease is null)
        {
            _started = time.GetTimestamp();
        }
        else
        {
            Log.GivenUp(logger, record.Facts.Id, backend.Name, _lease.Destination.Address, failure.Tag());
            _lease.Dispose();
        }

        var began = time.GetTimestamp();
        while (budget - time.GetElapsedTime(_started, began) is var left && left > TimeSpan.Zero
            && picker.Pick(backend, _tried, out var untried) is { } lease)
        {
            _lease = lease;
            var destination = lease.Destination.Address;
            var share = left / untried;
            _tried.Add(destination);
            var (connection, error) = await TryAsync(destination, share, stop);
            if (connection is null)
            {
                lease.Dispose();
                if (stop.IsCancellationRequested)
                {
                    return null;
                }
            }

            var ended = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(began, ended);
            record.BackendTried(backend.Name, destination, elapsed, error == ConnectFailure.None ? null : Tag(error));
            if (connection is not null)
            {
                record.Facts.CanFailOver = untried > 1;
                record.Facts.FailOverAfter = share > elapsed ? share - elapsed : TimeSpan.Zero;
                return connection;
            }

            Log.ConnectFailed(logger, record.Facts.Id, backend.Name, destination, Tag(error), elapsed.TotalMilliseconds);
            began = ended;
        }

        return null;
    }

    /// <summary>Ends the session's place at its destination, once the connection to it is closed.</summary>
    public void Dispose() => _lease?.Dispose();

    private static string Tag(ConnectFailure failure) => failure switch
    {
        ConnectFailure.Refused => "refused",
        ConnectFailure.Timeout => "timeout",
        ConnectFailure.Unreachable => "unreachable",
        ConnectFailure.NameNotResolved => "name_not_resolved",
        ConnectFailure.NoLocalPort => "no_local_port",
        _ => "other",
    };

    private async ValueTask<(ConnectionContext? Connection, ConnectFailure Failure)> TryAsync(string destination, TimeSpan limit, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(limit, time);
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

        [LoggerMessage(301, LogLevel.Warning, "{Id}: backend {Backend} destination {Destination} was given up: {Reason}", EventName = "BackendGivenUp")]
        public static partial void GivenUp(ILogger logger, string id, string backend, string destination, string reason);
    }
}
