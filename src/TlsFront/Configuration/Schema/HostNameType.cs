using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>The name of a host, qualified or not.</summary>
/// <param name="howTo">What to write instead of a wrong one.</param>
internal sealed class HostNameType(string howTo) : SettingType<string>
{
    public override string Description => "host name";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = HostNames.Check(text, extra: '-') is { } message ? new(message, howTo) : null;
        return problem is null;
    }

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["maxLength"] = HostNames.MaximumLength, ["pattern"] = $"^{HostNames.Pattern("")}$" };
}
