using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>So many in a span of time: <c>60/1m</c>.</summary>
internal sealed class RateType : SettingType<Rate>
{
    private const string HowTo = "write how many in what time, such as 60/1m or 5/1s";

    private static readonly CountType Counts = new(1, 1_000_000);
    private static readonly DurationType Periods = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    public override string Description => "`count/duration`, such as `60/1m`";

    public override bool TryParse(string text, out Rate value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            problem = new("has no time", HowTo);
            return false;
        }

        if (!Counts.TryParse(text[..slash].Trim(), out var count, out problem)
            || !Periods.TryParse(text[(slash + 1)..].Trim(), out var period, out problem))
        {
            problem = new(problem.Message, $"{HowTo}: {Counts.Description.Replace("`", "", StringComparison.Ordinal)} in 1s to 1h");
            return false;
        }

        value = new(count, period);
        return true;
    }

    public override string Format(Rate value) => string.Create(CultureInfo.InvariantCulture, $"{value.Count}/{Periods.Format(value.Period)}");

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["pattern"] = $"^0*([1-9][0-9]{{0,5}}|1000000) */ *{DurationType.Pattern}$" };
}
