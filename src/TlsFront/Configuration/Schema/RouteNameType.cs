using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A server name clients ask for, or all those with one label before a domain (RFC 9525 section 6.3); in lower case.</summary>
internal sealed class RouteNameType : SettingType<string>
{
    private const string Wildcard = "*.";

    public override string Description => "host name or `*.` and a domain";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text.ToLowerInvariant();
        var name = text.StartsWith(Wildcard, StringComparison.Ordinal) ? text[Wildcard.Length..] : text;
        problem = name.Contains('*', StringComparison.Ordinal)
            ? new(
                "has a wildcard in the wrong place",
                "let it stand for the whole first label, such as \"*.example.org\"; what matches no route goes to the listener's own backend")
            : HostNames.IsIPv4(name) || name.Contains(':', StringComparison.Ordinal)
                ? new(
                    "is an IP address, which is no server name (RFC 6066 section 3)",
                    "write a host name; clients that connect by address get what the listener has")
                : HostNames.Check(name, extra: '-') is { } message
                    ? new(message, "write the name as clients ask for it, such as mail.example.org, \"*.example.org\" or xn--bcher-kva.example")
                    : null;
        return problem is null;
    }

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["maxLength"] = Wildcard.Length + HostNames.MaximumLength, ["pattern"] = $"^(\\*\\.)?{HostNames.Pattern("")}$" };
}
