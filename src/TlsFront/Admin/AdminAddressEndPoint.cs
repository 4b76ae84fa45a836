using System.Net;

namespace TlsFront.Admin;

/// <summary>The admin endpoint's address; the type tells it from others that Kestrel binds.</summary>
/// <param name="address">The address.</param>
/// <param name="inherited">The socket that a service manager opened for it; null for none.</param>
internal sealed class AdminAddressEndPoint(IPEndPoint address, int? inherited) : IPEndPoint(address.Address, address.Port)
{
    public int? Inherited => inherited;
}
