using TlsFront.Connections;

namespace TlsFront.Protocols;

/// <summary>
/// Where a machine puts its output during one call: a slice of the call's input is forwarded without a copy, anything else is
/// copied into the engine's small insert buffer. Order is kept per direction.
/// </summary>
/// <param name="input">The input of the call, or empty for signals.</param>
/// <param name="buffer">The engine's buffer, cleared before the call.</param>
/// <param name="facts">What is known of the session.</param>
/// <param name="now">Time of the call, for <c>Received</c>.</param>
internal readonly ref struct Emitter(ReadOnlySpan<byte> input, EmitBuffer buffer, SessionFacts facts, DateTimeOffset now)
{
    private readonly ReadOnlySpan<byte> _input = input;

    /// <summary>What is known of the session.</summary>
    public SessionFacts Facts { get; } = facts;

    /// <summary>Time of the call.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>
    /// Whether <paramref name="bytes"/> more can be inserted in up to eight pieces. A machine that finds no room returns what it consumed so far.
    /// </summary>
    public bool HasRoomFor(int bytes) => buffer.HasRoomFor(bytes);

    /// <summary>Sends to the backend.</summary>
    public void ToBackend(ReadOnlySpan<byte> bytes) => buffer.ToBackend.Add(_input, bytes, buffer);

    /// <summary>
    /// Sends to the backend what the machine keeps itself, once a call, <see cref="EmitBuffer.KeptCapacity"/> bytes at most: without a copy here, so
    /// that a secret stands in one place. It must stay as it is until the machine is called again.
    /// </summary>
    public void KeptToBackend(ReadOnlyMemory<byte> bytes) => buffer.Keep(bytes);

    /// <summary>Sends to the client.</summary>
    public void ToClient(ReadOnlySpan<byte> bytes) => buffer.ToClient.Add(_input, bytes, buffer);
}
