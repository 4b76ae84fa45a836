using TlsFront.Backends;
using TlsFront.Backends.Probes;

namespace TlsFront.Diagnosis;

/// <summary>What one conversation with a destination showed.</summary>
internal sealed record Observation
{
    /// <summary>Whether it began with a PROXY header.</summary>
    public bool HasHeader { get; init; }

    /// <summary>Whether the gateway spoke TLS.</summary>
    public bool HasTls { get; init; }

    /// <summary>Whether the header named a client's address, and not the gateway's own.</summary>
    public bool IsStranger { get; init; }

    /// <summary>Why there was no connection.</summary>
    public ConnectFailure Connect { get; init; }

    /// <summary>More about that, in words.</summary>
    public string ConnectWords { get; init; } = "";

    /// <summary>How it began.</summary>
    public Opening Opening { get; init; }

    /// <summary>The line that showed it, fit for a terminal; empty where there was none.</summary>
    public string Line { get; init; } = "";

    /// <summary>What was offered.</summary>
    public Offers Offers { get; init; }

    /// <summary>The offers as the server put them, fit for a terminal.</summary>
    public string OfferLine { get; init; } = "";

    /// <summary>The answer to a recipient elsewhere, fit for a terminal; empty where none was named.</summary>
    public string RelayLine { get; init; } = "";

    /// <summary>Address the gateway connected from; empty where it did not.</summary>
    public string Source { get; init; } = "";

    /// <summary>Time it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether there was neither a failure nor a sign of one.</summary>
    public bool IsGreeted => Connect == ConnectFailure.None && Opening == Opening.Ready;

    /// <summary>What a probe saw.</summary>
    public static Observation Of(ProbeResult probe, bool hasHeader, bool hasTls) => new()
    {
        HasHeader = hasHeader,
        HasTls = hasTls,
        Connect = probe.Connect,
        ConnectWords = probe.Words,
        // Of a protocol that is not known a connection is all there is to see.
        Opening = probe.IsGood ? Opening.Ready : probe.Greeting.Opening,
        Line = probe.Greeting.Line,
        Offers = probe.Greeting.Bytes.Span.IndexOf(" LOGINDISABLED"u8) >= 0 ? Offers.LoginDisabled : Offers.None,
        OfferLine = probe.Greeting.Line,
        Elapsed = probe.Elapsed,
    };
}
