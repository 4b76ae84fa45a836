using TlsFront.Compatibility;

namespace TlsFront.Cli;

/// <summary>Writes what clients get for people: listeners where they get the same are told of once, and the refused come first.</summary>
internal static class ClientTable
{
    public static void Write(TextWriter output, IReadOnlyList<ClientReport> reports)
    {
        var width = reports.Max(static report => report.Client.Length);
        var places = reports.SelectMany(static report => report.Outcomes)
            .Select(static outcome => (outcome.Listener, outcome.Route))
            .Distinct()
            .GroupBy(place => string.Join('\n', Lines(reports, place, width)));
        foreach (var same in places)
        {
            var outcomes = reports.SelectMany(report => OutcomesAt(report, same.First())).ToList();
            output.WriteLine($"clients on {string.Join(", ", same.Select(Describe))}");
            output.WriteLine(same.Key);
            var exceptions = outcomes.Count(static outcome => outcome.NeedsPolicy);
            output.WriteLine(
                $"  {outcomes.Count(static outcome => outcome.Accepted) - exceptions} are served, "
                + $"{(exceptions == 0 ? "" : $"{exceptions} if a policy lets them in, ")}"
                + $"{outcomes.Count(static outcome => !outcome.Accepted)} refused");
        }
    }

    private static string Describe((string Listener, string? Route) place) =>
        place.Route is null ? place.Listener : $"{place.Listener} that ask for {place.Route}";

    private static IEnumerable<ClientOutcome> OutcomesAt(ClientReport report, (string Listener, string? Route) place) =>
        report.Outcomes.Where(outcome => (outcome.Listener, outcome.Route) == place);

    private static IEnumerable<string> Lines(IReadOnlyList<ClientReport> reports, (string Listener, string? Route) place, int width) =>
        from report in reports
        from outcome in OutcomesAt(report, place)
        orderby outcome.Accepted, !outcome.NeedsPolicy
        select $"  {report.Client.PadRight(width)}  {Words(outcome)}";

    private static string Words(ClientOutcome outcome) => outcome.Accepted
        ? $"{(outcome.NeedsPolicy ? "if a policy lets it in: " : "")}{outcome.Version}, {outcome.CipherSuite}, "
            + $"{outcome.Group ?? "no group"}, {outcome.Certificate}"
        : $"refused: {outcome.Reason}";
}
