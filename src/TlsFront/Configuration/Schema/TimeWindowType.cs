using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A moment with its zone, and for how long (ISO 8601 has both behind a slash, too): <c>2027-01-12T09:00+01:00/1h</c>.</summary>
internal sealed class TimeWindowType : SettingType<TimeWindow>
{
    private static readonly InstantType Instants = new();
    private static readonly DurationType Lengths = new(TimeSpan.FromMinutes(1), TimeSpan.FromDays(31));

    public override string Description => "begin and length, such as `2027-01-12T09:00+01:00/1h`";

    public override bool TryParse(string text, out TimeWindow value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            problem = new("has no length", "write begin and length, such as 2027-01-12T09:00+01:00/1h");
            return false;
        }

        if (!Instants.TryParse(text[..slash], out var from, out problem) || !Lengths.TryParse(text[(slash + 1)..], out var length, out problem))
        {
            return false;
        }

        value = new(from, length);
        return true;
    }

    public override string Format(TimeWindow value) => $"{Instants.Format(value.From)}/{Lengths.Format(value.Length)}";

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["pattern"] = $"^{InstantType.Pattern}/{DurationType.Pattern}$" };
}
