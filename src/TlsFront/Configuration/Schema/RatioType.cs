using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A part of a whole.</summary>
internal sealed class RatioType : SettingType<double>
{
    public override string Description => "number, `0` to `1`";

    public override bool TryParse(string text, out double value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        var isValid = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1;
        problem = isValid ? null : new("is not a number from 0 to 1", "write a part such as 0.01 for one in a hundred");
        return isValid;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 };

    public override string Format(double value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonNode ToJson(double value) => value;
}
