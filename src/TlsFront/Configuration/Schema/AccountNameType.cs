using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>The name of an account, or a part of one: visible ASCII characters.</summary>
internal sealed class AccountNameType : SettingType<string>
{
    private const int MaxLength = 64;

    public override string Description => "name";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = text.Length > MaxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new("is no name of an account", $"write up to {MaxLength} letters, digits and punctuation marks, without spaces")
            : null;
        return problem is null;
    }

    /// <summary>A name of digits reaches a validator as a number.</summary>
    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = new JsonArray("string", "integer"), ["maxLength"] = MaxLength, ["pattern"] = "^[!-~]+$" };
}
