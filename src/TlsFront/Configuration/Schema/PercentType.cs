using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A share as <c>10%</c>, read as a part of one.</summary>
internal sealed class PercentType : SettingType<double>
{
    private const string HowTo = "write a share above 0% and up to 100%, such as 10% or 0.5%";

    public override string Description => "share, `0.01%` to `100%`";

    public override bool TryParse(string text, out double value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = 0;
        var isNumber = decimal.TryParse(text.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        problem = !isNumber ? new("is not a share", HowTo)
            : text[^1] != '%' || text[^2] == '%' ? new("has no percent sign", HowTo)
            : number is < 0.01m or > 100 ? new("is out of range", HowTo)
            : null;
        value = problem is null ? (double)(number / 100) : 0;
        return problem is null;
    }

    public override string Format(double value) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)value * 100:0.####}%");

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["pattern"] = "^0*(100(\\.0*)?|[0-9]{1,2}(\\.[0-9]*)?|\\.[0-9]+)%$" };
}
