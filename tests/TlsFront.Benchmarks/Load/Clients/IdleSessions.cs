namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Sessions that did one small exchange and then nothing.</summary>
internal static class IdleSessions
{
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
                var wire = target.Connect();
                sessions.Add(wire);
                var reader = new WireReader(wire);
                if (isBeforeLogin)
                {
                    reader.Expect("* OK"u8);
                    wire.Write("a NOOP\r\n"u8);
                    reader.Expect("a OK"u8);
                }
                else
                {
                    HttpRequest.Exchange(wire, reader);
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
}
