using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>An address of this machine, without a port.</summary>
internal sealed class SourceAddressType : SettingType<IPAddress>
{
    public override string Description => "IP address";

    public override bool TryParse(string text, [NotNullWhen(true)] out IPAddress? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        var isAddress = IPAddress.TryParse(text, out value)
            && (HostNames.IsIPv4(text) || (text.Contains(':', StringComparison.Ordinal) && !text.StartsWith('[')));
        problem = !isAddress ? new("is not an IP address", "write an address of this machine without a port, such as 10.0.0.2")
            : value!.Equals(IPAddress.Any) || value.Equals(IPAddress.IPv6Any)
            ? new("is no address to connect from", "name an address of this machine, or remove the setting")
            : null;
        return problem is null && value is not null;
    }

    public override JsonObject ToJsonSchema() =>
        new()
        {
            ["type"] = "string",
            ["pattern"] = $"^({AddressPatterns.IPv4}|{AddressPatterns.IPv6})$",
            ["not"] = new JsonObject { ["enum"] = new JsonArray("0.0.0.0", "::") }
        };
}
