using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>A <see cref="UsageReport"/> as JSON.</summary>
/// <param name="Progress">Parts of logins and users that come by implicit TLS: in the last day, a week and a month before.</param>
/// <param name="Rows">Who uses what.</param>
internal sealed record UsageDocument(IReadOnlyDictionary<string, UsageDocument.Share> Progress, IReadOnlyList<Usage> Rows)
{
    /// <summary>The document of <paramref name="report"/>.</summary>
    public static UsageDocument Of(UsageReport report) => new(
        report.Adoption.ToDictionary(static entry => entry.Name, static entry => new Share(entry.Adoption.Logins, entry.Adoption.Users)),
        report.Rows);

    /// <summary>Parts, 0 to 1; null where there was no login.</summary>
    /// <param name="Logins">Of the logins.</param>
    /// <param name="Users">Of the users, with all of their logins.</param>
    internal sealed record Share(double? Logins, double? Users);
}
