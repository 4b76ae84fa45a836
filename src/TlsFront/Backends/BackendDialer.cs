using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Backends;

/// <summary>Connects destinations for sessions and probes alike, and introduces to them who connects.</summary>
internal sealed class BackendDialer(IConnectionFactory factory, TimeProvider time)
{
    /// <summary>Connects within <paramref name="limit"/>. No expected failure is an exception; null without a failure means that <paramref name="stop"/> was set.</summary>
    /// <param name="destination"><c>host:port</c>.</param>
    /// <param name="introduction">The PROXY header it is to get.</param>
    /// <param name="introduce">Whom the header is about, given the connection it goes out on.</param>
    /// <param name="limit">Time for all of it.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask<(ConnectionContext? Connection, ConnectFailure Failure)> DialAsync(
        string destination, ProxyHeaderProfile introduction, Func<ConnectionContext, SessionFacts> introduce, TimeSpan limit, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        ConnectionContext? connection = null;
        try
        {
            connection = await factory.ConnectAsync(ToEndPoint(destination), both.Token);
            if (introduction.Version != ProxyHeaderVersion.None)
            {
                await IntroduceAsync(connection, introduction, introduce(connection), both.Token);
            }

            return (connection, ConnectFailure.None);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            return (null, stop.IsCancellationRequested ? ConnectFailure.None : ConnectFailures.Of(exception));
        }
    }

    /// <summary>The PROXY header goes out in one write and before anything else: receivers read it with one peek.</summary>
    private static async ValueTask IntroduceAsync(ConnectionContext connection, ProxyHeaderProfile introduction, SessionFacts facts, CancellationToken stop)
    {
        var output = connection.Transport.Output;
        output.Advance(ProxyHeaderWriter.Write(output.GetSpan(introduction.MaximumLength), facts, introduction));
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
        return new DnsEndPoint(destination[..colon], int.Parse(destination.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
