namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Sessions that did one small exchange and then nothing.</summary>
internal static class IdleSessions
{
    /// <summary>
    /// Opened at once, and talked to by turns: a proxy that has its greeting wait for the client's acknowledgement takes 40 ms for each.
    /// </summary>
    private const int Batch = 100;

    /// <summary>
    /// Opens sessions up to each of <paramref name="counts"/> in turn,
    /// prints <c>open N</c> and waits for a line of <paramref name="input"/> before it goes on.
    /// </summary>
    /// <param name="target">The proxy.</param>
    /// <param name="isBeforeLogin">Whether the exchange is one of IMAP before the login, and not of HTTP.</param>
    /// <param name="counts">How many.</param>
    /// <param name="input">Who lets it go on.</param>
    /// <param name="output">Who is told.</param>
    public static void Run(Target target, bool isBeforeLogin, IEnumerable<int> counts, TextReader input, TextWriter output)
    {
        var sessions = new List<Wire>();
        foreach (var count in counts)
        {
            while (sessions.Count < count)
            {
                var batch = Enumerable.Range(0, Math.Min(Batch, count - sessions.Count)).Select(_ => target.Connect()).ToList();
                sessions.AddRange(batch);
                if (isBeforeLogin)
                {
                    SayNothing(batch);
                }
                else
                {
                    batch.ForEach(static wire => HttpRequest.Exchange(wire, new WireReader(wire)));
                }
            }

            output.WriteLine($"open {sessions.Count}");
            output.Flush();
            if (input.ReadLine() is null)
            {
                break;
            }
        }

        sessions.ForEach(session => session.Dispose());
    }

    /// <summary>IMAP that has not come to the login yet.</summary>
    private static void SayNothing(List<Wire> wires)
    {
        var readers = wires.ConvertAll(static wire => new WireReader(wire));
        readers.ForEach(static reader => reader.Expect("* OK"u8));
        wires.ForEach(static wire => wire.Write("a NOOP\r\n"u8));
        readers.ForEach(static reader => reader.Expect("a OK"u8));
    }
}
