namespace TlsFront.Compatibility;

/// <summary>Listeners, and names that they route, where all clients get the same.</summary>
/// <param name="Names">Which, in words.</param>
/// <param name="Outcomes">What each client gets there: the refused first, then those whom a policy has to let in.</param>
internal sealed record ClientPlace(IReadOnlyList<string> Names, IReadOnlyList<(string Client, ClientOutcome Outcome)> Outcomes)
{
    /// <summary>How many are refused.</summary>
    public int Refused => Outcomes.Count(static entry => !entry.Outcome.Accepted);

    /// <summary>How many are served if a policy lets them in.</summary>
    public int NeedPolicy => Outcomes.Count(static entry => entry.Outcome.NeedsPolicy);

    /// <summary>How many are served, whoever they are.</summary>
    public int Served => Outcomes.Count - Refused - NeedPolicy;

    /// <summary>All places of <paramref name="reports"/>.</summary>
    public static IEnumerable<ClientPlace> Of(IReadOnlyList<ClientReport> reports) =>
        from place in reports
            .SelectMany(static report => report.Outcomes.Select(outcome => (report.Client, Outcome: outcome)))
            .GroupBy(static entry => (entry.Outcome.Listener, entry.Outcome.Route))
        let outcomes = place.Select(static entry => $"{entry.Client} {entry.Outcome with { Listener = "", Route = null }}")
        group place by string.Join('\n', outcomes) into same
        select new ClientPlace(
            [.. same.Select(static place => Describe(place.Key))],
            [.. same.First().OrderBy(static entry => entry.Outcome.Accepted).ThenBy(static entry => !entry.Outcome.NeedsPolicy)]);

    private static string Describe((string Listener, string? Route) place) =>
        place.Route is null ? place.Listener : $"{place.Listener} that ask for {place.Route}";
}
