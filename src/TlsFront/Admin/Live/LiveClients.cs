namespace TlsFront.Admin.Live;

/// <summary>Event <c>clients</c>: which clients whose hellos were recorded the configuration in force refuses.</summary>
/// <param name="State"><c>checking</c> before it is known, <c>checked</c>, or <c>failed</c>.</param>
/// <param name="Places">Listeners, and names that they route, where clients get the same.</param>
/// <param name="Omitted">How many further listeners and names there are, to which nothing was replayed.</param>
internal sealed record LiveClients(string State, IReadOnlyList<LiveClients.Place> Places, int Omitted)
{
    /// <summary>Before anything is known.</summary>
    public static readonly LiveClients Checking = new("checking", [], 0);

    /// <summary>Where all clients get the same.</summary>
    /// <param name="Names">The listeners, and names they route.</param>
    /// <param name="Served">How many clients are served.</param>
    /// <param name="NeedPolicy">Clients that are served if a policy lets them in.</param>
    /// <param name="Refused">Those that are refused.</param>
    internal sealed record Place(IReadOnlyList<string> Names, int Served, IReadOnlyList<string> NeedPolicy, IReadOnlyList<Refusal> Refused);

    /// <summary>A client that is refused.</summary>
    /// <param name="Client">The client with its version.</param>
    /// <param name="Reason">Why, in the words of the log.</param>
    internal sealed record Refusal(string Client, string Reason);
}
