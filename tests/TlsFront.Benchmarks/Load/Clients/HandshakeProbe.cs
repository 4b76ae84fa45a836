namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Looks at what a proxy negotiates, so that only equals are compared.</summary>
internal static class HandshakeProbe
{
    /// <summary>Prints <c>negotiated VERSION SUITE GROUP KEY, resumed or not</c>.</summary>
    public static void Run(Target target, TextWriter output)
    {
        using var first = target.ConnectTls();
        first.Write(HttpRequest.Last);
        if (new WireReader(first).SkipToEnd() < HttpRequest.BodyLength)
        {
            throw new LoadException("short answer");
        }

        using var session = first.TakeSession();
        using var second = target.ConnectTls(session);
        output.WriteLine($"negotiated {first.Describe()}, {(second.IsResumed ? "resumes" : "does not resume")}");
    }
}
