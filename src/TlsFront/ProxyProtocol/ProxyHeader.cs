using System.Net;

namespace TlsFront.ProxyProtocol;

/// <summary>What a front said of its client. Addresses are normalised: IPv4-mapped ones are IPv4.</summary>
/// <param name="Client">The client; null where the front speaks for itself (LOCAL) or does not know (UNKNOWN, UNSPEC, Unix sockets).</param>
/// <param name="Local">The address the client connected to; null with <paramref name="Client"/>, and where the front wrote something else.</param>
/// <param name="Fields">The type-length-value fields as they came, known to be well-formed; empty in version 1.</param>
internal sealed record ProxyHeader(IPEndPoint? Client, IPEndPoint? Local, ReadOnlyMemory<byte> Fields)
{
    /// <summary>A header that leaves the connection's own addresses in force.</summary>
    public static readonly ProxyHeader WithoutAddresses = new(null, null, default);

    /// <summary>Value of the first field of a type; false if there is none.</summary>
    public bool TryFind(TlvType type, out ReadOnlySpan<byte> value)
    {
        var reader = new TlvReader(Fields.Span);
        while (reader.TryRead(out var found, out value))
        {
            if (found == type)
            {
                return true;
            }
        }

        return false;
    }
}
