using System.Globalization;

namespace TlsFront.Benchmarks.Soak;

/// <summary>Whether something grew: medians of the second and the last third of the load, and what is left after it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Idle">Before the load.</param>
/// <param name="Earlier">Median of the second third; the first is for caches and pools to fill.</param>
/// <param name="Later">Median of the last third.</param>
/// <param name="After">After the load.</param>
/// <param name="Allowed">How much more the last third may have.</param>
/// <param name="MustReturn">Whether it must be back at the level of before.</param>
internal sealed record Growth(string Name, double Idle, double Earlier, double Later, double After, double Allowed, bool MustReturn)
{
    /// <summary>Whether it passed.</summary>
    public bool Passed => Later - Earlier <= Allowed && (!MustReturn || After <= Idle);

    /// <summary>Compares samples; null if the gateway does not tell this figure.</summary>
    /// <param name="name">Of the figure.</param>
    /// <param name="samples">Under load, in order.</param>
    /// <param name="idle">Before.</param>
    /// <param name="after">After.</param>
    /// <param name="share">Tolerance as a share of the second third.</param>
    /// <param name="least">Least tolerance, in units of the figure.</param>
    /// <param name="mustReturn">Whether it must be back at the level of before.</param>
    public static Growth? Of(string name, IReadOnlyList<Sample> samples, Sample idle, Sample after, double share, double least, bool mustReturn)
    {
        if (idle[name] is not { } before || after[name] is not { } left)
        {
            return null;
        }

        var values = samples.Select(sample => sample[name]!.Value).ToArray();
        var third = values.Length / 3;
        var earlier = Median(values[third..(2 * third)]);
        return new Growth(name, before, earlier, Median(values[(2 * third)..]), left, Math.Max(earlier * share, least), mustReturn);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Name,-22} | {Idle,7:F1} | {Earlier,12:F1} | {Later,10:F1} | {Later - Earlier,6:+0.0;-0.0;0.0} | {Allowed,7:F1} | {After,6:F1} | "
        + $"{(Passed ? "ok" : "GREW"),-4} |");

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
