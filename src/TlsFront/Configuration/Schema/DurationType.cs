using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A time span such as <c>500ms</c>, <c>15s</c>, <c>2m</c> or <c>1h30m</c>, within a range.</summary>
internal sealed class DurationType(TimeSpan minimum, TimeSpan maximum) : SettingType<TimeSpan>
{
    private const string HowTo = "write a number with its unit, such as 500ms, 15s, 2m or 1h30m";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Regular expression of a duration; not one of a bare 0.</summary>
    public static string Pattern { get; } = CreatePattern();

    public override string Description => $"duration, `{Format(minimum)}` to `{Format(maximum)}`";

    public override bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = null;
        if (!TryParse(text, out value))
        {
            problem = new(IsNumber(text) ? "has no unit" : "is not a duration", HowTo);
        }
        else if (value < minimum || value > maximum)
        {
            problem = new("is out of range", $"write {Format(minimum)} to {Format(maximum)}");
        }

        return problem is null;
    }

    public override string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = "";
        foreach (var (unit, length) in Units)
        {
            var count = value / length;
            if (count < 1)
            {
                continue;
            }

            text += string.Create(CultureInfo.InvariantCulture, $"{(long)count}{unit}");
            value -= (long)count * length;
        }
        return text;
    }

    /// <summary>A schema cannot tell <c>90m</c> from <c>1h30m</c>: the range is in the words of <see cref="Description"/> alone.</summary>
    public override JsonObject ToJsonSchema() => minimum > TimeSpan.Zero
        ? new() { ["type"] = "string", ["pattern"] = $"^{Pattern}$" }
        : new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = $"^(0|{Pattern})$", ["minimum"] = 0, ["maximum"] = 0 };

    /// <summary>Numbers with units, the larger unit first, each at most once; a bare 0 needs none.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        var next = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            // Nine digits of hours are a hundred thousand years; a TimeSpan holds no more than 29 thousand.
            if (digits is < 1 or > 9)
            {
                return false;
            }

            var rest = text[digits..];
            var end = rest.IndexOfAnyInRange('0', '9');
            var unit = (end < 0 ? rest : rest[..end]).ToString();
            var index = Array.FindIndex(Units, next, entry => entry.Unit == unit);
            var amount = long.Parse(text[..digits], CultureInfo.InvariantCulture);
            if (index < 0 || amount > TimeSpan.MaxValue / Units[index].Length / Units.Length)
            {
                return false;
            }

            value += amount * Units[index].Length;
            next = index + 1;
            text = end < 0 ? default : rest[end..];
        }
        return next > 0;
    }

    private static bool IsNumber(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter == '.');

    /// <summary>At least one unit, and each only before the smaller ones.</summary>
    private static string CreatePattern()
    {
        var (rest, alternatives) = ("", new List<string>());
        foreach (var (unit, _) in Units.Reverse())
        {
            var part = $"[0-9]{{1,9}}{unit}";
            alternatives.Insert(0, part + rest);
            rest = $"({part})?{rest}";
        }

        return $"({string.Join('|', alternatives)})";
    }
}
