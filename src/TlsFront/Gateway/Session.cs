using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>A running session as the drain sees it.</summary>
internal sealed class Session(IMailTransport transport, MailMachine machine)
{
    /// <summary>Whether its bytes pass unread, so that no goodbye of the protocol can be said. Read from other threads: a hint.</summary>
    public bool IsTransparent => machine.Phase == Phase.Relay;

    /// <summary>Asks it to end politely. Also after it ended.</summary>
    public void Drain() => transport.Post(Signal.Drain);
}
