using System.Buffers;
using System.IO.Pipelines;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Backends.Probes;

/// <summary>
/// Reads the greeting of a server that is told of clients in its own protocol, and tells it of one first, as a session would: one that does not take
/// the client's address from the gateway serves nobody.
/// </summary>
internal static class IntroducedGreeting
{
    /// <summary>As <see cref="GreetingReader.ReadAsync"/>; what follows the greeting is left.</summary>
    /// <param name="server">The new connection.</param>
    /// <param name="protocol">What should be spoken.</param>
    /// <param name="facts">Whom the server is told of.</param>
    /// <param name="now">The time.</param>
    /// <param name="deadline">Until when.</param>
    public static async Task<Greeting> ReadAsync(
        IDuplexPipe server, MailProtocol protocol, SessionFacts facts, DateTimeOffset now, CancellationToken deadline)
    {
        var introduction = ProtocolProfile.Of(protocol).CreateIntroduction();
        var emitted = new EmitBuffer();
        var hasBegun = false;
        byte[] bytes = [];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await server.Input.ReadAsync(deadline);
                bytes = read.Buffer.ToArray();
                var verdict = hasBegun ? GreetingVerdict.Ready : ProbeDialogue.Judge(protocol, bytes, out length);
                if (verdict is not (GreetingVerdict.Ready or GreetingVerdict.Incomplete))
                {
                    server.Input.AdvanceTo(read.Buffer.GetPosition(length));
                    return new Greeting(GreetingReader.OpeningOf(verdict), bytes.AsMemory(0, length));
                }

                emitted.Clear();
                var progress = Tell(introduction, bytes, emitted, facts, now, out var consumed);
                for (var i = 0; i < emitted.ToBackend.Count; i++)
                {
                    hasBegun = true;
                    await server.Output.WriteAsync(emitted.ToBackend.Get(i, bytes, emitted).ToArray(), deadline);
                }

                var isStuck = progress == IntroductionProgress.Pending && consumed == 0;
                server.Input.AdvanceTo(read.Buffer.GetPosition(consumed), isStuck ? read.Buffer.End : read.Buffer.GetPosition(consumed));
                switch (progress)
                {
                    case IntroductionProgress.Refused:
                        return new Greeting(Opening.IdentityRefused, bytes);
                    case IntroductionProgress.Done when introduction.Greeting.IsEmpty:
                        return await GreetingReader.ReadAsync(server.Input, protocol, deadline);
                    case IntroductionProgress.Done:
                        return new Greeting(Opening.Ready, introduction.Greeting.ToArray());
                }

                if (isStuck && hasBegun && read.IsCompleted)
                {
                    return new Greeting(Opening.IdentityRefused, bytes);
                }

                if (isStuck && (read.IsCompleted || bytes.Length > ProbeDialogue.MaximumGreeting))
                {
                    return new Greeting(read.IsCompleted ? Opening.Closed : Opening.Foreign, bytes);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new Greeting(hasBegun ? Opening.IdentityRefused : Opening.Silent, bytes);
        }
        catch (IOException)
        {
            return new Greeting(hasBegun ? Opening.IdentityRefused : Opening.Closed, bytes);
        }
    }

    private static IntroductionProgress Tell(
        BackendIntroduction introduction, ReadOnlySpan<byte> said, EmitBuffer emitted, SessionFacts facts, DateTimeOffset now, out int consumed)
    {
        var to = new Emitter(said, emitted, facts, now);
        return introduction.Read(said, ref to, out consumed);
    }
}
