using System.Globalization;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Soak;

/// <summary>What a soak found.</summary>
/// <param name="Load">What each kind of client did.</param>
/// <param name="Growth">What was watched.</param>
/// <param name="Reloads">Of configuration and certificates.</param>
/// <param name="IsUpgraded">Whether there should have been upgrades.</param>
/// <param name="Upgrades">Each, in order.</param>
/// <param name="Stalls">Turns of an event loop that took too long.</param>
/// <param name="Defects">What the gateway's log tells.</param>
internal sealed record SoakReport(
    IReadOnlyList<(string Name, string Unit, LoadResult Result)> Load, IReadOnlyList<Growth> Growth, int Reloads,
    bool IsUpgraded, IReadOnlyList<SoakedUpgrade> Upgrades, double Stalls,
    IReadOnlyList<string> Defects)
{
    /// <summary>Why it failed, one line each.</summary>
    public IEnumerable<string> Failures =>
    [
        .. Load.Where(kind => kind.Result.Errors > 0).Select(
            kind => $"{kind.Name}: {kind.Result.Errors} failed, the first with: {kind.Result.FirstError}"),
        .. Load.Where(kind => kind.Result.Work == 0).Select(kind => $"{kind.Name}: nothing was done"),
        .. Growth.Where(figure => !figure.Passed).Select(figure => $"{figure.Name} grew"),
        .. IsUpgraded && Upgrades.Count == 0 ? (string[])["no upgrade took place"] : [],
        .. Defects,
    ];

    /// <summary>One table for people, in two parts.</summary>
    public override string ToString() => string.Join('\n',
    [
        "| held                   |  before | second third | last third | change | allowed |  after |      |",
        "|------------------------|--------:|-------------:|-----------:|-------:|--------:|-------:|------|",
        .. Growth.Select(figure => figure.ToString()),
        "",
        "| done                             |          amount |             | failed |",
        "|----------------------------------|----------------:|-------------|-------:|",
        .. Load.Select(kind =>
            string.Create(
                CultureInfo.InvariantCulture, $"| {kind.Name,-32} | {kind.Result.Work,15:N0} | {kind.Unit,-11} | {kind.Result.Errors,6} |")),
        Row("reloads, half of certificates", Reloads, ""),
        .. Upgrades.Count == 0 ? (string[])[] : [
            Row("upgrades", Upgrades.Count, ""), Row("sessions moved by them", Upgrades.Sum(static upgrade => upgrade.Moved), ""),
            Row("longest pause of one, rounded up", Math.Ceiling(Upgrades.Max(static upgrade => upgrade.Pause)), "ms"),
        ],
        Row("loop turns over 50 ms", Stalls, ""),
        "",
        .. Upgrades.Select(static (upgrade, number) => string.Create(
            CultureInfo.InvariantCulture,
            $"upgrade {number + 1}: {upgrade.Moved:N0} moved, none paused for more than {upgrade.Pause:N1} ms; {upgrade.Left} connections left")),
    ]);

    private static string Row(string name, double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name,-32} | {amount,15:N0} | {unit,-11} | {"",6} |");
}
