using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>What a program calls itself, with <c>*</c> for any part of it.</summary>
internal sealed class ProgramPatternType : SettingType<string>
{
    private const int MaxLength = 100;

    public override string Description => "text, `*` for any part";

    public override bool TryParse(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        // The expressions have a character to quote others with, and one for any single character: no program's name needs them.
        problem = text.Length is 0 or > MaxLength ? new("is no name of a program", $"write 1 to {MaxLength} characters, such as MFP-*")
            : text.AsSpan().ContainsAny('\\', '?') ? new("contains a backslash or a question mark", "write * for any part")
            : text.Any(char.IsControl) ? new("contains a control character", "write printable characters, such as MFP-*")
            : null;
        value = problem is null ? text : null;
        return problem is null;
    }

    public override string Format(string value) => value;

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = $"^[^\\x00-\\x1f\\x7f\\\\?]{{1,{MaxLength}}}$" };
}
