using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Protocols.Introduction;

/// <summary>
/// Stands in front of a protocol's own machine where a backend wants to be told of the client in its own words: nothing of either side passes until
/// that is done. Whoever refuses the introduction gets no session: it would serve everybody as the gateway.
/// </summary>
/// <param name="create">Makes the introduction to one backend.</param>
/// <param name="session">The protocol's own machine.</param>
internal sealed class IntroducingMachine(Func<BackendIntroduction> create, MailMachine session) : MailMachine
{
    private BackendIntroduction? _introduction;

    /// <inheritdoc/>
    public override Phase Phase => session.Phase;

    /// <inheritdoc/>
    public override Step FromClient(ReadOnlySpan<byte> input, ref Emitter to) =>
        _introduction is null ? session.FromClient(input, ref to) : Step.Hold(0);

    /// <inheritdoc/>
    public override Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to)
    {
        if (_introduction is not { } introduction)
        {
            return session.FromBackend(input, ref to);
        }

        switch (introduction.Read(input, ref to, out var consumed))
        {
            case IntroductionProgress.Pending:
                return Step.More(consumed);
            case IntroductionProgress.Done when introduction.Greeting.IsEmpty:
                _introduction = null;
                return consumed > 0 ? Step.More(consumed) : session.FromBackend(input, ref to);
            case IntroductionProgress.Done:
                _introduction = null;
                return session.FromBackend(introduction.Greeting, ref to) with { Consumed = consumed };
            default:
                _introduction = null;
                return session.On(Signal.BackendEnded, ref to) with { Consumed = input.Length, Reason = CloseReason.IdentityRefused };
        }
    }

    /// <inheritdoc/>
    public override bool IsMovable => _introduction is null && session.IsMovable;

    /// <inheritdoc/>
    public override void Export(StateWriter state) => session.Export(state);

    /// <inheritdoc/>
    public override void Release() => session.Release();

    /// <inheritdoc/>
    public override Step On(Signal signal, ref Emitter to)
    {
        if (signal == Signal.BackendReady)
        {
            _introduction = to.Facts.IsIntroducedInDialogue ? create() : null;
        }

        return session.On(signal, ref to);
    }
}
