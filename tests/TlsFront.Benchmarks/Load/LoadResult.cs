using System.Globalization;

namespace TlsFront.Benchmarks.Load;

/// <summary>What a load generator did; the one line it prints.</summary>
/// <param name="Work">Units of its job.</param>
/// <param name="Errors">Jobs that failed.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="FirstError">Why the first one failed.</param>
internal sealed record LoadResult(long Work, long Errors, double Seconds, string? FirstError)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"load {Work} {Errors} {Seconds:F3} {FirstError}");

    /// <summary>Reads the line back out of a program's output; null if there is none.</summary>
    public static LoadResult? Parse(string output)
    {
        var fields = output.Split('\n').FirstOrDefault(line => line.StartsWith("load ", StringComparison.Ordinal))?.Split(' ', 5);
        return fields is not { Length: >= 4 } ? null : new LoadResult(
            long.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture),
            double.Parse(fields[3], CultureInfo.InvariantCulture), fields.ElementAtOrDefault(4)?.Trim());
    }
}
