using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>A network or a single address: <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, <c>192.0.2.1</c>.</summary>
internal sealed class NetworkType : SettingType<IPNetwork>
{
    public static readonly NetworkType Instance = new();

    private const string HowTo = "write an address or a network, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32";

    public override string Description => "address or network";

    public override bool TryParse(string text, out IPNetwork value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = default;
        problem = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        if (!TryParseAddress(host, out var address))
        {
            problem = new("is not an address or network", HowTo);
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            value = new(address, bits);
            return true;
        }

        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bits)
        {
            problem = new($"has no prefix length from 0 to {bits}", HowTo);
            return false;
        }

        var masked = Mask(address, prefix);
        if (!masked.Equals(address))
        {
            problem = new("has bits beyond its prefix", $"write {masked}/{prefix} for the network, or {address} for the address");
            return false;
        }

        value = new(address, prefix);
        return true;
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = $"^{AddressPatterns.Network}$" };

    private static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            // Clients with mapped addresses are taken for what they are: IPv4.
            ? !address.IsIPv4MappedToIPv6 && !text.AsSpan().ContainsAny('%', '[')
            : address.ToString() == text);

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(bytes);
    }
}
