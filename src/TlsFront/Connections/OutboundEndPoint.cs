using System.Net;

namespace TlsFront.Connections;

/// <summary>An address to connect to, and the one to connect from.</summary>
/// <param name="address">Where to.</param>
/// <param name="port">Its port.</param>
/// <param name="source">An address of this machine, of the same family.</param>
internal sealed class OutboundEndPoint(IPAddress address, int port, IPAddress source) : IPEndPoint(address, port)
{
    /// <summary>An address of this machine; the port is the kernel's choice.</summary>
    public IPAddress Source => source;
}
