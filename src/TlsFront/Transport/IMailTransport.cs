using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;

namespace TlsFront.Transport;

/// <summary>
/// What an engine offers the middlewares of one connection, as a connection feature. Bytes a machine did not consume stay with the
/// connection: those before TLS are TLS's first, so no stage can lose or inject any.
/// </summary>
internal interface IMailTransport : IClientWatch
{
    /// <summary>
    /// Waits for the client's first <paramref name="atLeast"/> plain bytes and shows what there is, a copy, taking nothing. Fewer if the client ended
    /// or <paramref name="stop"/> was set. Before any other call but <see cref="Skip"/>.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop);

    /// <summary>
    /// Takes the first <paramref name="count"/> of the bytes that were shown, and drops them: what follows is the connection's first byte.
    /// </summary>
    void Skip(int count);

    /// <summary>Whether it has TLS 1.0 and 1.1, for a policy that asks for them.</summary>
    bool SpeaksLegacyTls { get; }

    /// <summary>Terminates TLS under <paramref name="policy"/>; on refusal the right alert has been sent.</summary>
    ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop);

    /// <summary>
    /// Runs <paramref name="machine"/> between the client and <paramref name="backend"/> until it wants something that takes a middleware:
    /// TLS, a backend, or the end. May be called again with the same machine. After the end nothing more is wanted of the backend, while the client
    /// may not have taken all that was said to it: see <see cref="SayGoodbyeAsync"/>.
    /// </summary>
    ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop);

    /// <summary>
    /// The session ended: waits until the client took what is left for it and our close_notify, and ended as well, each for no longer than its
    /// deadline. What is unread when a connection is closed makes the kernel send a reset, which overtakes the goodbye.
    /// </summary>
    ValueTask SayGoodbyeAsync(CancellationToken stop);

    /// <summary>
    /// Stops the session for another process; null if it cannot leave this one, or not now: only a transparent session can, and only one whose ends
    /// are all open.
    /// </summary>
    ValueTask<IFrozenSession?> FreezeAsync();

    /// <summary>Tells the machine of an event, from any thread. Signals posted between runs are delivered in the next one.</summary>
    void Post(Signal signal);
}
