using TlsFront.Tls;

namespace TlsFront.Transport;

/// <summary>The first half of an engine's handshake with clients, in memory: no socket, no client, and the same contexts as in service.</summary>
internal interface IHandshakeRehearsal : IDisposable
{
    /// <summary>What a client gets that sends <paramref name="records"/>, those of a whole hello, under <paramref name="policy"/> and no more.</summary>
    ValueTask<HelloAnswer> AnswerAsync(ReadOnlyMemory<byte> records, TlsPolicy policy, CancellationToken stop);
}
