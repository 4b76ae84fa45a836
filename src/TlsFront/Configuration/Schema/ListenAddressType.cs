using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>An address of this machine and a port: <c>*:465</c>, <c>127.0.0.1:465</c>, <c>[::1]:993</c>.</summary>
internal sealed class ListenAddressType : SettingType<IPEndPoint>
{
    private const string HowTo =
        "write an address of this machine and a port, such as \"*:465\" for all addresses, \"127.0.0.1:465\" or \"[::1]:993\"";

    public override string Description => "`*:port`, `IPv4:port` or `[IPv6]:port`";

    public override bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = null;
        problem = null;
        if (!PortNumber.TrySplit(text, out var host, out var number))
        {
            problem = new(PortNumber.TryParse(text, out _) ? "has no address" : "has no port", HowTo);
        }
        else if (!PortNumber.TryParse(number, out var port))
        {
            problem = new("has no port from 1 to 65535", HowTo);
        }
        else if (!TryParseHost(host, out var address))
        {
            problem = new("is not an IP address", HowTo);
        }
        else
        {
            value = new(address, port);
        }

        return value is not null;
    }

    public override string Format(IPEndPoint value) => value.Address.Equals(IPAddress.IPv6Any) ? $"*:{value.Port}" : value.ToString();

    public override JsonObject ToJsonSchema() =>
        new() { ["type"] = "string", ["pattern"] = $"^(\\*|{AddressPatterns.IPv4}|{AddressPatterns.BracketedIPv6}):{AddressPatterns.Port}$" };

    private static bool TryParseHost(string host, [NotNullWhen(true)] out IPAddress? address)
    {
        address = IPAddress.IPv6Any;
        if (host == "*")
        {
            return true;
        }

        var isBracketed = host is ['[', .., ']'];
        return IPAddress.TryParse(isBracketed ? host[1..^1] : host, out address)
            && (isBracketed
                ? address.AddressFamily == AddressFamily.InterNetworkV6
                // IPAddress also takes 127.1 and 0x7f000001 for 127.0.0.1; people who write that mean something else.
                : address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == host);
    }
}
