using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>The name of a listener or backend: fit for log lines and metric labels.</summary>
internal sealed class NameType : SettingType<string>
{
    private const int MaximumLength = 64;

    public override string Description => "letters, digits, `-`, `_`, `.`";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = text.Length <= MaximumLength && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? null
            : new("is not fit for a name", $"write at most {MaximumLength} letters, digits, hyphens, underscores and dots");
        return problem is null;
    }

    /// <summary>A name of digits reaches a validator as a number.</summary>
    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = $"^[A-Za-z0-9_.-]{{1,{MaximumLength}}}$" };
}
