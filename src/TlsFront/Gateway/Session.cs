using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Gateway;

/// <summary>A running session as the drain sees it.</summary>
internal sealed class Session(IMailTransport transport, MailMachine machine, ConnectionRecord record) : IDisposable
{
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Set when the session must end at once.</summary>
    public CancellationToken Aborted => _abort.Token;

    /// <summary>What is known of its connection.</summary>
    public ConnectionRecord Record { get; } = record;

    /// <summary>The rules it runs by.</summary>
    public MailMachine Machine { get; } = machine;

    /// <summary>Whether its bytes pass unread, so that no goodbye of the protocol can be said. Read from other threads: a hint.</summary>
    public bool IsTransparent => Machine.Phase == Phase.Relay;

    /// <summary>Asks it to end politely.</summary>
    public void Drain() => transport.Post(Signal.Drain);

    /// <summary>Ends it at once.</summary>
    public void Abort() => _abort.Cancel();

    public void Dispose() => _abort.Dispose();
}
