using TlsFront.Connections;

namespace TlsFront.Routing.Lookup;

/// <summary>What a service said of one login.</summary>
/// <param name="Result">What it comes to.</param>
internal sealed record LookupAnswer(LookupResult Result)
{
    /// <summary>The server that it named: an address as a rule, or the host of a destination.</summary>
    public string Server { get; init; } = "";

    /// <summary>Its port.</summary>
    public int Port { get; init; }

    /// <summary>The name to log in with there; null for the client's own.</summary>
    public string? User { get; init; }

    /// <summary>The password to log in with there, UTF-8; null for the client's own.</summary>
    public byte[]? Password { get; init; }

    /// <summary>What the client hears; null unless it is refused.</summary>
    public LoginRefusal? Refusal { get; init; }

    /// <summary>How long to wait, before the client hears it or the service is asked again.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>More about a failure, for the log; null if there is no more to say.</summary>
    public string? Detail { get; init; }

    /// <summary>No usable answer.</summary>
    public static LookupAnswer Failed(LookupResult result, string? detail = null) => new(result) { Detail = detail };
}
