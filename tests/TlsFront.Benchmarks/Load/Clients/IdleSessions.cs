namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Sessions that did one small exchange and then nothing.</summary>
internal static class IdleSessions
{
    /// <summary>
    /// Opens sessions up to each of <paramref name="counts"/> in turn,
    /// prints <c>open N</c> and waits for a line of <paramref name="input"/> before it goes on.
    /// </summary>
    public static void Run(Target target, IEnumerable<int> counts, TextReader input, TextWriter output)
    {
        var sessions = new List<Wire>();
        foreach (var count in counts)
        {
            while (sessions.Count < count)
            {
                var wire = target.Connect();
                sessions.Add(wire);
                HttpRequest.Exchange(wire, new WireReader(wire));
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
