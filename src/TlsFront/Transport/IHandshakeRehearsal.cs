using TlsFront.Tls;

namespace TlsFront.Transport;

/// <summary>The first half of an engine's handshake with clients, in memory: no socket, no client, and the same contexts as in service.</summary>
internal interface IHandshakeRehearsal : IDisposable
{
    /// <summary>What a client gets under <paramref name="policy"/> that sends <paramref name="records"/>, those of one hello, and no more.</summary>
    ValueTask<HelloAnswer> AnswerAsync(ReadOnlyMemory<byte> records, TlsPolicy policy, CancellationToken stop);
}
