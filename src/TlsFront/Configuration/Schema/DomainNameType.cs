using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A fully qualified domain name.</summary>
internal sealed class DomainNameType : SettingType<string>
{
    private const string HowTo = "write the gateway's full name, such as mail.example.com";

    public override string Description => "fully qualified domain name";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        var message = HostNames.IsIPv4(text) || (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _)) ? "is an IP address"
            : HostNames.Check(text, extra: '-') ?? (text.Contains('.', StringComparison.Ordinal) ? null : "is not fully qualified");
        problem = message is null ? null : new(message, HowTo);
        return problem is null;
    }

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["maxLength"] = HostNames.MaximumLength, ["pattern"] = $"^{HostNames.Pattern("", labels: "+")}$" };
}
