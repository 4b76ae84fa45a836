using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Transport;
using TlsFront.Transport.Managed;

namespace TlsFront.Backends;

/// <summary>Connects destinations for sessions and probes alike: from which address, to which, introduced by which header, under which TLS.</summary>
internal sealed class BackendDialer(IConnectionFactory factory, NameResolver names, BackendTlsFactory tls, TimeProvider time)
{
    private uint _turn;

    /// <summary>Connects within <paramref name="limit"/>. No expected failure is an exception.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="destination">The destination of it, <c>host:port</c>.</param>
    /// <param name="protocol">What is spoken there.</param>
    /// <param name="introduce">Whom the PROXY header is about, given the connection it goes out on.</param>
    /// <param name="limit">Time for all of it.</param>
    /// <param name="stop">Gives up, which is no failure.</param>
    /// <param name="readable">Whether the connection is to be read through its pipes, and not by a session of the engine.</param>
    public async ValueTask<DialResult> DialAsync(
        BackendSettings backend, string destination, MailProtocol protocol, Func<ConnectionContext, SessionFacts> introduce, TimeSpan limit,
        CancellationToken stop, bool readable = false)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        ConnectionContext? connection = null;
        try
        {
            connection = await ConnectAsync(backend, destination, limit, both.Token);
            await IntroduceAsync(connection, ProxyHeaderProfiles.Of(backend.Kind, backend.ProxyProtocol, protocol), introduce, both.Token);
            if (backend.Tls.Mode == BackendTlsMode.Implicit)
            {
                if (backend.ProxyProtocol != ProxyHeaderVersion.None
                    && BackendKindRules.Of(backend.Kind).HeaderPause is var pause
                    && pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, time, both.Token);
                }

                // Behind the header, which is in clear: so do HAProxy and all receivers.
                var security = (readable ? null : connection.Features.Get<IBackendSecurity>()) ?? new ManagedBackendSecurity(connection);
                connection = await security.SecureAsync(tls.For(backend.Tls, Split(destination).Host, protocol), both.Token);
            }

            return new DialResult(connection);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or AuthenticationException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            return stop.IsCancellationRequested ? new DialResult(null) : DialResult.Failed(exception);
        }
    }

    /// <summary>Host and port of a destination as configured.</summary>
    public static (string Host, int Port) Split(string destination)
    {
        var colon = destination.LastIndexOf(':');
        return (destination[..colon].Trim('[', ']'), int.Parse(destination.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The PROXY header goes out in one write and before anything else: receivers read it with one peek.</summary>
    private static async ValueTask IntroduceAsync(
        ConnectionContext connection, ProxyHeaderProfile introduction, Func<ConnectionContext, SessionFacts> introduce, CancellationToken stop)
    {
        if (introduction.Version == ProxyHeaderVersion.None)
        {
            return;
        }

        var output = connection.Transport.Output;
        output.Advance(ProxyHeaderWriter.Write(output.GetSpan(introduction.MaximumLength), introduce(connection), introduction));
        // A server that closed without reading may have said why before: its greeting decides, not this write.
        await output.FlushAsync(stop);
    }

    /// <summary>
    /// Tries every address of the destination, each with an equal share of the time left,
    /// so that one that swallows packets leaves some to the others.
    /// </summary>
    private async ValueTask<ConnectionContext> ConnectAsync(BackendSettings backend, string destination, TimeSpan limit, CancellationToken stop)
    {
        var (host, port) = Split(destination);
        if (IPAddress.TryParse(host, out var literal))
        {
            return await ConnectAsync(backend, literal, port, stop);
        }

        var began = time.GetTimestamp();
        var addresses = await names.ResolveAsync(host, backend.ResolveEvery, stop);
        for (var i = 0; ; i++)
        {
            var left = limit - time.GetElapsedTime(began);
            using var share = new CancellationTokenSource(left > TimeSpan.Zero ? left / (addresses.Count - i) : TimeSpan.Zero, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(share.Token, stop);
            try
            {
                return await ConnectAsync(backend, addresses[i], port, both.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                if (ConnectFailures.Of(exception) != ConnectFailure.NoLocalPort)
                {
                    names.Failed(host, addresses[i]);
                }

                if (i == addresses.Count - 1)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>From the next of the addresses given, or from the one after that where its ports are used up.</summary>
    private async ValueTask<ConnectionContext> ConnectAsync(BackendSettings backend, IPAddress address, int port, CancellationToken stop)
    {
        if (backend.SourceAddresses.Count == 0)
        {
            return await factory.ConnectAsync(new IPEndPoint(address, port), stop);
        }

        var sources = backend.SourceAddresses.Where(source => source.AddressFamily == address.AddressFamily).ToList();
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0; i < sources.Count - 1; i++)
        {
            try
            {
                return await factory.ConnectAsync(new OutboundEndPoint(address, port, sources[(int)((first + i) % sources.Count)]), stop);
            }
            catch (SocketException exception) when (ConnectFailures.Of(exception) == ConnectFailure.NoLocalPort)
            {
                // The next one; the last one's failure is the caller's.
            }
        }

        return await factory.ConnectAsync(
            sources.Count == 0
                ? new IPEndPoint(address, port)
                : new OutboundEndPoint(address, port, sources[(int)((first + sources.Count - 1) % sources.Count)]),
            stop);
    }
}
