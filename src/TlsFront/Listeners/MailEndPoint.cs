using System.Net;

namespace TlsFront.Listeners;

/// <summary>The address of a mail listener; the type tells it from the admin endpoint, which outlives it in a drain.</summary>
internal sealed class MailEndPoint(string listener, IPEndPoint address) : IPEndPoint(address.Address, address.Port)
{
    /// <summary>Name of the listener.</summary>
    public string Listener { get; } = listener;

    /// <summary>What its socket is bound to.</summary>
    public IPEndPoint Bound => BoundAddress.Of(this);
}
