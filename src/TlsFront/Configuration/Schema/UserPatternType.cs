using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using TlsFront.Configuration.Users;

namespace TlsFront.Configuration.Schema;

/// <summary>A user, all users of a domain, or everybody; in lower case.</summary>
internal sealed class UserPatternType : SettingType<string>
{
    private const string HowTo =
        "write bob@example.org, \"*@example.org\" for every user of a domain, bob for a user without a domain, or \"*\" for everybody";

    public override string Description => "user, `*@` and a domain, or `*`";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text.ToLowerInvariant();
        var message = text[0] == '@' ? "has nobody before its domain"
            : text.Length > UserKey.MaxLength ? UserKey.TooLong
            : UserKey.Check(UserKey.OfPattern(text));
        problem = message is null ? null : new(message, HowTo);
        return problem is null;
    }

    /// <summary>A user of digits reaches a validator as a number.</summary>
    public override JsonObject ToJsonSchema() =>
        new()
        {
            ["type"] = new JsonArray("string", "integer"),
            ["maxLength"] = UserKey.MaxLength,
            ["pattern"] = @"^(\*|\*@[^*@\s]+|[^*@\s]([^*\s]*[^*@\s])?)$"
        };
}
