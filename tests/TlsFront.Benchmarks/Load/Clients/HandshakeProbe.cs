using TlsFront.Benchmarks.Load.Tls;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Looks at what a proxy negotiates, so that only equals are compared.</summary>
internal static class HandshakeProbe
{
    /// <summary>Prints <c>negotiated VERSION SUITE GROUP KEY</c>, and which connections are resumed by a client that uses each ticket once.</summary>
    public static void Run(Target target, TextWriter output)
    {
        using var first = target.ConnectTls();
        Exchange(first);
        using var session = first.TakeSession(null);
        using var second = target.ConnectTls(session);
        Exchange(second);
        using var renewed = second.TakeSession(session);
        var resumption = !second.IsResumed ? "does not resume" : renewed is null ? "resumes every other connection" : "resumes";
        output.WriteLine($"negotiated {first.Describe()}, {resumption}");
    }

    private static void Exchange(TlsWire wire)
    {
        wire.Write(HttpRequest.Last);
        if (new WireReader(wire).SkipToEnd() < HttpRequest.BodyLength)
        {
            throw new LoadException("short answer");
        }
    }
}
