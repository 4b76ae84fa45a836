using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>Words for a client: one line of printable ASCII, which every protocol can carry.</summary>
internal sealed class MessageType : SettingType<string>
{
    /// <summary>Most characters: with the code in front it fits into the shortest line of a reply, 512 octets in SMTP.</summary>
    private const int MaximumLength = 200;

    public override string Description => "text, up to 200 characters of ASCII";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = text.Length > MaximumLength ? new($"is longer than {MaximumLength} characters", "write less, and a link to the rest")
            : text.AsSpan().ContainsAnyExceptInRange(' ', '~')
                ? new("has a character that not every mail program shows", "write it in one line of ASCII, umlauts as two letters")
            : null;
        return problem is null;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["maxLength"] = MaximumLength, ["pattern"] = "^[ -~]*$" };
}
