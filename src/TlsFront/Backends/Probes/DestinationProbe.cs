using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Backends.Probes;

/// <summary>
/// Asks one destination whether it serves: connects and introduces itself exactly as a session would, with its own address for the client's,
/// reads the greeting and takes its leave. Servers judge a session by the header, so a probe with another one would prove nothing. Where logins are
/// held for the backend, it asks for its capabilities as well: they are what clients are offered before anybody is connected.
/// </summary>
internal sealed class DestinationProbe(BackendDialer dialer, SettingsStore settings, TimeProvider time)
{
    /// <summary>What is kept of the answer to the goodbye, in bytes: the first lines tell.</summary>
    private const int LongestAnswer = 512;

    /// <summary>Probes within the time the backend's settings give.</summary>
    public async Task<ProbeResult> RunAsync(BackendSettings backend, string destination, CancellationToken stop)
    {
        var now = settings.Current;
        var protocol = now.Listeners.FirstOrDefault(listener => listener.AllBackends.Contains(backend.Name))?.Protocol ?? MailProtocol.Tcp;
        var began = time.GetTimestamp();
        var result = await RunAsync(backend, destination, protocol, now.HostName, now.HoldsLoginsFor(backend), began, stop);
        return result with { Protocol = protocol, Elapsed = time.GetElapsedTime(began) };
    }

    private async Task<ProbeResult> RunAsync(
        BackendSettings backend, string destination, MailProtocol protocol, string hostName, bool asks, long began, CancellationToken stop)
    {
        var result = await dialer.DialAsync(
            backend, destination, protocol, connection => ProbeIntroduction.Of(connection, hostName, time.GetUtcNow()), backend.Health.Timeout, stop,
            readable: true);
        if (result.Connection is not { } connection)
        {
            return ProbeResult.NotConnected(result);
        }

        await using (connection)
        {
            var left = backend.Health.Timeout - time.GetElapsedTime(began);
            using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
            try
            {
                return ProtocolProfile.Of(protocol).IsUnderstood
                    ? await TalkAsync(
                        connection.Transport, protocol, backend.ProxyProtocol != ProxyHeaderVersion.None,
                        backend.IsIntroducedInDialogue ? ProbeIntroduction.Of(connection, hostName, time.GetUtcNow()) : null,
                        asks ? hostName : null, both.Token)
                    : ProbeResult.Good;
            }
            catch (IOException)
            {
                // Reset before there was anything to read.
                return ProbeResult.Of(new Greeting(Opening.Closed, default), protocol);
            }
        }
    }

    /// <summary>
    /// The dialogue; <paramref name="introduced"/> is whom the server is told of in its own protocol, if it is, and by the name of
    /// <paramref name="asker"/> it asks for capabilities, if there is one.
    /// </summary>
    private async Task<ProbeResult> TalkAsync(
        IDuplexPipe server, MailProtocol protocol, bool hasHeader, SessionFacts? introduced, string? asker, CancellationToken stop)
    {
        var greeting = introduced is null
            ? await GreetingReader.ReadAsync(server.Input, protocol, stop)
            : await IntroducedGreeting.ReadAsync(server, protocol, introduced, time.GetUtcNow(), stop);
        if (greeting.Opening != Opening.Ready)
        {
            return ProbeResult.Of(greeting, protocol);
        }

        var profile = ProtocolProfile.Of(protocol);
        IReadOnlyList<string> offer = [];
        // Its answer to the header comes before that to anything else.
        var answer = new byte[LongestAnswer];
        var length = 0;
        try
        {
            if (asker is not null)
            {
                offer = await new Conversation(server.Input, server.Output, stop)
                    .AskAsync(profile.CapabilityCommand(asker), profile.EndsCapabilities);
                length = Keep(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(string.Join('\n', offer))), answer);
            }

            await server.Output.WriteAsync(profile.Farewell, stop);
            ReadResult read;
            do
            {
                read = await server.Input.ReadAsync(stop);
                length += Keep(read.Buffer, answer.AsSpan(length));
                server.Input.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // A server that greeted and takes its time to say goodbye, or says none, serves.
        }

        return hasHeader && profile.IsHeaderRefused(answer.AsSpan(0, length))
            ? ProbeResult.Of(new Greeting(Opening.HeaderRefused, answer.AsMemory(0, length)), protocol)
            : ProbeResult.Of(greeting, protocol) with { Capabilities = Capability.Bound(profile.ReadCapabilities(offer)?.Items) };
    }

    /// <summary>Keeps the beginning; the rest is read so that the server may end in order, bounded by the probe's deadline.</summary>
    private static int Keep(ReadOnlySequence<byte> received, Span<byte> room)
    {
        var kept = received.Slice(0, Math.Min(received.Length, room.Length));
        kept.CopyTo(room);
        return (int)kept.Length;
    }
}
