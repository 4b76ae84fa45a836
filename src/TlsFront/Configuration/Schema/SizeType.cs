using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>
/// A number of bytes such as <c>512B</c>, <c>64KB</c> or <c>1MB</c>, within a range. A KB is 1024 bytes, as in the settings of mail servers.
/// </summary>
internal sealed class SizeType(int minimum, int maximum) : SettingType<int>
{
    private const string HowTo = "write a number with its unit, such as 64KB or 1MB";

    private static readonly (string Unit, int Bytes)[] Units = [("MB", 1024 * 1024), ("KB", 1024), ("B", 1)];

    public override string Description => $"size, `{Format(minimum)}` to `{Format(maximum)}`";

    public override bool TryParse(string text, out int value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (value, problem) = (0, null);
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits < 0 ? "" : text[digits..];
        var index = Array.FindIndex(Units, entry => entry.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (index < 0 || digits < 1)
        {
            problem = new(digits < 0 ? "has no unit" : "is not a size", HowTo);
        }
        else if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > maximum / Units[index].Bytes || count * Units[index].Bytes < minimum)
        {
            problem = new("is out of range", $"write {Format(minimum)} to {Format(maximum)}");
        }
        else
        {
            value = (int)count * Units[index].Bytes;
        }

        return problem is null;
    }

    public override string Format(int value)
    {
        var (unit, bytes) = Array.Find(Units, entry => value % entry.Bytes == 0 && value >= entry.Bytes);
        return bytes == 0 ? "0B" : string.Create(CultureInfo.InvariantCulture, $"{value / bytes}{unit}");
    }

    /// <summary>The range is in the words of <see cref="Description"/> alone.</summary>
    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+[KkMm]?[Bb]$" };
}
