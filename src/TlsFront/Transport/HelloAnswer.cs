using TlsFront.Tls;

namespace TlsFront.Transport;

/// <summary>What an engine answers to a ClientHello.</summary>
/// <param name="Records">The records it sends: its own first flight, or an alert; empty if it closes without a word.</param>
/// <param name="Failure">Why it ends the handshake; null if it waits for the client's second flight.</param>
internal readonly record struct HelloAnswer(ReadOnlyMemory<byte> Records, TlsOutcome? Failure);
