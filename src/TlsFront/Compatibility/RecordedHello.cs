using TlsFront.Tls.Hello;

namespace TlsFront.Compatibility;

/// <summary>The ClientHello of a client that is known.</summary>
internal sealed record RecordedHello
{
    /// <summary>The client with its version, such as "Thunderbird 115".</summary>
    public required string Client { get; init; }

    /// <summary>Its TLS library and its settings; null if nobody knows.</summary>
    public string? Library { get; init; }

    /// <summary>When it was recorded or composed.</summary>
    public required DateOnly Recorded { get; init; }

    /// <summary>How it came about.</summary>
    public required string Source { get; init; }

    /// <summary>What else there is to know; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The records as they were sent.</summary>
    public required HelloRecords Records { get; init; }

    /// <summary>What they say.</summary>
    public ClientHello Hello => Records.Hello;
}
