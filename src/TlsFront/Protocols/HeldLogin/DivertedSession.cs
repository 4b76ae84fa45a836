namespace TlsFront.Protocols.HeldLogin;

/// <summary>A session without a backend: what it sends to one is kept from the engine, and what it hears from one is told to it here.</summary>
/// <param name="session">The protocol's own machine.</param>
internal sealed class DivertedSession(MailMachine session)
{
    // It serves one call at a time.
    [ThreadStatic]
    private static EmitBuffer? _emitted;

    /// <summary>Lets the session read the client; <paramref name="sent"/> holds what it has for a backend, until the next call.</summary>
    public Step FromClient(ReadOnlySpan<byte> input, ref Emitter to, out EmitBuffer sent)
    {
        sent = _emitted ??= new EmitBuffer();
        sent.Clear();
        var inner = new Emitter(input, sent, to.Facts, to.Now);
        var step = session.FromClient(input, ref inner);
        Pass(input, sent, ref to);
        return step;
    }

    /// <summary>Lets the session hear <paramref name="words"/> from its backend's place; its step is none to consume anything for.</summary>
    public Step Tell(ReadOnlySpan<byte> words, ref Emitter to)
    {
        var emitted = _emitted ??= new EmitBuffer();
        while (!words.IsEmpty)
        {
            emitted.Clear();
            var inner = new Emitter(words, emitted, to.Facts, to.Now);
            var step = session.FromBackend(words, ref inner);
            Pass(words, emitted, ref to);
            if (step.Next == Next.Close || step.Consumed == 0)
            {
                return step with { Consumed = 0 };
            }

            words = words[step.Consumed..];
        }

        return Step.More(0);
    }

    private static void Pass(ReadOnlySpan<byte> input, EmitBuffer emitted, ref Emitter to)
    {
        for (var i = 0; i < emitted.ToClient.Count; i++)
        {
            to.ToClient(emitted.ToClient.Get(i, input, emitted));
        }
    }
}
