using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A number of days such as <c>14d</c>; <c>0</c> for no end.</summary>
internal sealed class DaysType : SettingType<TimeSpan>
{
    /// <summary>A hundred years.</summary>
    private const int Most = 36500;

    public override string Description => $"days, `1d` to `{Most}d`, or `0` for ever";

    public override bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (value, problem) = (TimeSpan.Zero, null);
        if (text == "0")
        {
            return true;
        }

        if (text is not [.. var number, 'd'] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days))
        {
            problem = new("is not a number of days", "write a number with d, such as 14d, or 0 for ever");
        }
        else if (days is < 1 or > Most)
        {
            problem = new("is out of range", $"write 1d to {Most}d, or 0 for ever");
        }
        else
        {
            value = TimeSpan.FromDays(days);
        }

        return problem is null;
    }

    public override string Format(TimeSpan value) =>
        value == TimeSpan.Zero ? "0" : string.Create(CultureInfo.InvariantCulture, $"{value.Days}d");

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^(0|[0-9]{1,5}d)$", ["minimum"] = 0, ["maximum"] = 0 };

    public override JsonNode ToJson(TimeSpan value) => value == TimeSpan.Zero ? JsonValue.Create(0) : JsonValue.Create(Format(value));
}
