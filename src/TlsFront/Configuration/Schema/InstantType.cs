using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TlsFront.Configuration.Schema;

/// <summary>A moment with its zone (RFC 3339): <c>2027-03-31T00:00+02:00</c>.</summary>
internal sealed partial class InstantType : SettingType<DateTimeOffset>
{
    private const string HowTo = "write date, time and zone, such as 2027-03-31T00:00+02:00 or 2027-03-31T22:00Z";

    /// <summary>Regular expression of a moment.</summary>
    public const string Pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})";

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public override string Description => "date, time and zone, such as `2027-03-31T00:00+02:00`";

    public override bool TryParse(string text, out DateTimeOffset value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal;
        var isMoment = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, Styles, out value);
        problem = !isMoment ? new(Shape().IsMatch(text) ? "is not in the calendar" : "is not a moment", HowTo)
            : !Shape().IsMatch(text) ? new("has no zone", HowTo)
            : null;
        return problem is null;
    }

    public override string Format(DateTimeOffset value) =>
        value.ToString(value.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public override JsonObject ToJsonSchema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = $"^{Pattern}$",
        };

    [GeneratedRegex($"^{Pattern}$")]
    private static partial Regex Shape();
}
