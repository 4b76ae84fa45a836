using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A user, all users of a domain, everybody, or a file with one of these a line.</summary>
internal sealed class UserSourceType : SettingType<UserSource>
{
    private static readonly UserPatternType Patterns = new();

    public override string Description => "user, `*@` and a domain, `*`, or a file (`./` or `/` first) with one a line";

    public override bool TryParse(string text, out UserSource value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        if (text[0] == '/' || text.StartsWith("./", StringComparison.Ordinal))
        {
            (value, problem) = (new(null, text), null);
            return true;
        }

        var isPattern = Patterns.TryParse(text, out var pattern, out problem);
        value = new(pattern, null);
        return isPattern;
    }

    public override string? FileOf(UserSource value) => value.File;

    public override UserSource Resolve(UserSource value, string folder) =>
        value.File is { } file ? new(null, FilePath.Of(file, folder)) : value;

    public override JsonObject ToJsonSchema() =>
        new() { ["anyOf"] = new JsonArray(Patterns.ToJsonSchema(), new JsonObject { ["type"] = "string", ["pattern"] = @"^\.?/" }) };
}
