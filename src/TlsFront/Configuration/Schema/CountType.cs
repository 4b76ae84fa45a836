using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A whole number within a range.</summary>
internal sealed class CountType(int minimum, int maximum) : SettingType<int>
{
    public override string Description => $"number, `{Format(minimum)}` to `{Format(maximum)}`";

    public override bool TryParse(string text, out int value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = null;
        // A number too long for an int is still a number to the one who wrote it.
        if (text.AsSpan(text.StartsWith('-') ? 1 : 0) is not { IsEmpty: false } digits || digits.ContainsAnyExceptInRange('0', '9'))
        {
            (value, problem) = (0, new("is not a whole number", $"write digits only, {Format(minimum)} to {Format(maximum)}"));
        }
        else if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value < minimum || value > maximum)
        {
            problem = new("is out of range", $"write {Format(minimum)} to {Format(maximum)}");
        }

        return problem is null;
    }

    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject ToJsonSchema() => new() { ["type"] = "integer", ["minimum"] = minimum, ["maximum"] = maximum };

    public override JsonNode ToJson(int value) => value;
}
