using System.Globalization;

namespace TlsFront.Configuration.Schema;

/// <summary>Ports as they stand behind the last colon of an address.</summary>
internal static class PortNumber
{
    /// <summary>Splits <c>host:port</c> and <c>[host]:port</c>; the host keeps its brackets.</summary>
    public static bool TrySplit(string text, out string host, out string port)
    {
        var colon = text.LastIndexOf(':');
        // A colon inside brackets, or behind another one, is part of an IPv6 address.
        var isPort = colon > text.LastIndexOf(']') && (text.IndexOf(':', StringComparison.Ordinal) == colon || text.StartsWith('['));
        host = isPort ? text[..colon] : text;
        port = isPort ? text[(colon + 1)..] : "";
        return isPort;
    }

    /// <summary>Reads 1 to 65535.</summary>
    public static bool TryParse(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
