using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A server to connect to: <c>10.0.0.5:10465</c>, <c>[fd00::5]:143</c>, <c>imap.internal:143</c>.</summary>
internal sealed class DestinationType : SettingType<string>
{
    private const string HowTo = "write host and port, such as \"10.0.0.5:10465\", \"[fd00::5]:143\" or \"imap.internal:143\"";

    public override string Description => "`host:port` or `[IPv6]:port`";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = text;
        problem = Check(text) is { } message ? new(message, HowTo) : null;
        return problem is null;
    }

    public override JsonObject ToJsonSchema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = $"^({AddressPatterns.IPv4}|{AddressPatterns.BracketedIPv6}|{HostNames.Pattern("_")}):{AddressPatterns.Port}$"
        };

    private static string? Check(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return "is a URL";
        }

        if (!PortNumber.TrySplit(text, out var host, out var number))
        {
            return text.AsSpan().Count(':') > 1 ? "has no port, or an IPv6 address without brackets" : "has no port";
        }

        if (!PortNumber.TryParse(number, out _))
        {
            return "has no port from 1 to 65535";
        }

        if (host is ['[', .., ']'])
        {
            return IPAddress.TryParse(host[1..^1], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? null
                : "has no IPv6 address between its brackets";
        }

        if (host == "*")
        {
            return "names no server";
        }
        // Containers' names may hold an underscore, and resolvers take it.
        return HostNames.IsIPv4(host) ? null : HostNames.Check(host, extra: '_');
    }
}
