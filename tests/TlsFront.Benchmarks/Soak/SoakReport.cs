using System.Globalization;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Soak;

/// <summary>What a soak found.</summary>
/// <param name="Load">What each kind of client did.</param>
/// <param name="Growth">What was watched.</param>
/// <param name="Reloads">Of configuration and certificates.</param>
/// <param name="Stalls">Turns of an event loop that took too long.</param>
/// <param name="Defects">What the gateway's log tells.</param>
internal sealed record SoakReport(
    IReadOnlyList<(string Name, string Unit, LoadResult Result)> Load, IReadOnlyList<Growth> Growth, int Reloads, double Stalls,
    IReadOnlyList<string> Defects)
{
    /// <summary>Why it failed, one line each.</summary>
    public IEnumerable<string> Failures =>
    [
        .. Load.Where(kind => kind.Result.Errors > 0).Select(
            kind => $"{kind.Name}: {kind.Result.Errors} failed, the first with: {kind.Result.FirstError}"),
        .. Load.Where(kind => kind.Result.Work == 0).Select(kind => $"{kind.Name}: nothing was done"),
        .. Growth.Where(figure => !figure.Passed).Select(figure => $"{figure.Name} grew"),
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
        string.Create(CultureInfo.InvariantCulture, $"| {"reloads, half of certificates",-32} | {Reloads,15:N0} | {"",-11} | {"",6} |"),
        string.Create(CultureInfo.InvariantCulture, $"| {"loop turns over 50 ms",-32} | {Stalls,15:N0} | {"",-11} | {"",6} |"),
    ]);
}
