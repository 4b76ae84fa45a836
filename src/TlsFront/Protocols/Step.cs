using TlsFront.Connections;

namespace TlsFront.Protocols;

/// <summary>
/// Outcome of one call of a machine: how many input bytes it is done with, and what happens next.
/// With <see cref="Next.More"/> and a rest left: after progress the rest is offered again at once (the machine stopped because
/// the <see cref="Emitter"/> had no room), without progress only together with more bytes.
/// </summary>
/// <param name="Consumed">Bytes of the input that need not be offered again; 0 for signals.</param>
/// <param name="Next">What the engine does now.</param>
/// <param name="Reason">Why, when <paramref name="Next"/> is <see cref="Next.Close"/> or <see cref="Next.Connect"/> after a failed try.</param>
internal readonly record struct Step(int Consumed, Next Next, CloseReason Reason = CloseReason.None)
{
    /// <summary>Go on.</summary>
    public static Step More(int consumed) => new(consumed, Next.More);

    /// <summary>Keep the rest until the other side or a signal moved.</summary>
    public static Step Hold(int consumed) => new(consumed, Next.Hold);

    /// <summary>End the session for <paramref name="reason"/>.</summary>
    public static Step Close(int consumed, CloseReason reason) => new(consumed, Next.Close, reason);
}
