using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Backends;

/// <summary>
/// Asks one destination whether it serves: connects and introduces itself exactly as a session would, with its own address for the client's,
/// reads the greeting and takes its leave. Servers judge a session by the header, so a probe with another one would prove nothing.
/// </summary>
internal sealed class DestinationProbe(BackendDialer dialer, SettingsStore settings, TimeProvider time)
{
    /// <summary>Said of the client's TLS: what nearly every client has.</summary>
    private const string CipherSuite = "TLS_AES_256_GCM_SHA384";

    /// <summary>Probes within the time the backend's settings give.</summary>
    public async Task<ProbeResult> RunAsync(BackendSettings backend, string destination, CancellationToken stop)
    {
        var now = settings.Current;
        var protocol = now.Listeners.FirstOrDefault(listener => listener.AllBackends.Contains(backend.Name))?.Protocol ?? MailProtocol.Tcp;
        var began = time.GetTimestamp();
        var result = await dialer.DialAsync(
            backend, destination, protocol, connection => Introduce(connection, now.HostName), backend.Health.Timeout, stop, readable: true);
        if (result.Connection is not { } connection)
        {
            return ProbeResult.NotConnected(result);
        }

        await using (connection)
        {
            var left = backend.Health.Timeout - time.GetElapsedTime(began);
            using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
            return protocol == MailProtocol.Tcp ? ProbeResult.Good : await TalkAsync(connection.Transport, protocol, both.Token);
        }
    }

    private static async Task<ProbeResult> TalkAsync(IDuplexPipe server, MailProtocol protocol, CancellationToken stop)
    {
        var result = ProbeResult.Silent;
        try
        {
            result = await ReadGreetingAsync(server.Input, protocol, stop);
            if (result.IsGood)
            {
                await server.Output.WriteAsync(ProbeDialogue.Goodbye(protocol), stop);
                await ReadToEndAsync(server.Input, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // A server that greeted and takes its time to say goodbye serves.
        }
        catch (IOException)
        {
            result = result.IsGood ? result : ProbeResult.Closed;
        }

        return result;
    }

    private static async Task<ProbeResult> ReadGreetingAsync(PipeReader input, MailProtocol protocol, CancellationToken stop)
    {
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var bytes = read.Buffer.ToArray();
            var greeting = ProbeDialogue.Judge(protocol, bytes);
            if (greeting == GreetingVerdict.Incomplete && !read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            input.AdvanceTo(read.Buffer.End);
            return greeting switch
            {
                GreetingVerdict.Ready => ProbeResult.Good,
                GreetingVerdict.Refusal => new("refusal", $"it greets with a refusal: {ProbeDialogue.FirstLine(bytes)}"),
                GreetingVerdict.Foreign => new("not_the_protocol", $"it does not speak {protocol.ToString().ToUpperInvariant()}: {ProbeDialogue.FirstLine(bytes)}"),
                _ => ProbeResult.Closed,
            };
        }
    }

    /// <summary>The server's answer and its end; bounded by the probe's deadline, and nothing of it is kept.</summary>
    private static async Task ReadToEndAsync(PipeReader input, CancellationToken stop)
    {
        ReadResult read;
        do
        {
            read = await input.ReadAsync(stop);
            input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private SessionFacts Introduce(ConnectionContext connection, string hostName)
    {
        var own = connection.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0);
        own = own.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(own.Address.MapToIPv4(), own.Port) : own;
        return new SessionFacts
        {
            Id = ConnectionId.Next(time.GetUtcNow()),
            HostName = hostName,
            Client = own,
            Local = own,
            Tls = new TlsFacts(TlsVersion.Tls13, CipherSuite, hostName, ApplicationProtocol: null),
        };
    }
}
