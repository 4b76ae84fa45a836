using TlsFront.Compatibility;

namespace TlsFront.Cli;

/// <summary>Writes what clients get for people: listeners where they get the same are told of once, and the refused come first.</summary>
internal static class ClientTable
{
    public static void Write(TextWriter output, IReadOnlyList<ClientReport> reports)
    {
        var width = reports.Max(static report => report.Client.Length);
        foreach (var place in ClientPlace.Of(reports))
        {
            output.WriteLine($"clients on {string.Join(", ", place.Names)}");
            foreach (var (client, outcome) in place.Outcomes)
            {
                output.WriteLine($"  {client.PadRight(width)}  {Words(outcome)}");
            }

            output.WriteLine(
                $"  {place.Served} are served, "
                + $"{(place.NeedPolicy == 0 ? "" : $"{place.NeedPolicy} if a policy lets them in, ")}{place.Refused} refused");
        }
    }

    private static string Words(ClientOutcome outcome) => outcome.Accepted
        ? $"{(outcome.NeedsPolicy ? "if a policy lets it in: " : "")}{outcome.Version}, {outcome.CipherSuite}, "
            + $"{outcome.Group ?? "no group"}, {outcome.Certificate}"
        : $"refused: {outcome.Reason}";
}
