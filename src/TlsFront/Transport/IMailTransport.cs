using Microsoft.AspNetCore.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;

namespace TlsFront.Transport;

/// <summary>
/// What an engine offers the middlewares of one connection, as a connection feature. Bytes that arrive before TLS stay with the
/// connection until somebody takes them, so no stage can lose or inject any.
/// </summary>
internal interface IMailTransport
{
    /// <summary>Waits until the client sent <paramref name="atLeast"/> bytes and returns all that are there, unconsumed; fewer only if the client ended.</summary>
    ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop);

    /// <summary>Drops <paramref name="count"/> peeked bytes; the rest is TLS's.</summary>
    void Skip(int count);

    /// <summary>Terminates TLS under <paramref name="policy"/>; on refusal the right alert has been sent.</summary>
    ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop);

    /// <summary>
    /// Runs <paramref name="machine"/> between the client and <paramref name="backend"/> until it wants something that takes a middleware:
    /// TLS, a backend, or the end. May be called again with the same machine.
    /// </summary>
    ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop);

    /// <summary>Tells the machine of an event, from any thread. Signals posted between runs are delivered in the next one.</summary>
    void Post(Signal signal);
}
