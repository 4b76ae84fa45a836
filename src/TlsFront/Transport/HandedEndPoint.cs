using System.Net;

namespace TlsFront.Transport;

/// <summary>Where another process listens, and the sockets that it does so with. Whoever binds this owns them.</summary>
/// <param name="address">The address.</param>
/// <param name="descriptors">All sockets bound to it: the kernel spreads connections between them, so none may be left out.</param>
internal sealed class HandedEndPoint(IPEndPoint address, IReadOnlyList<int> descriptors) : IPEndPoint(address.Address, address.Port)
{
    public IReadOnlyList<int> Descriptors => descriptors;
}
