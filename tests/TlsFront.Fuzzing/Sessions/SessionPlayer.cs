using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Sessions;

/// <summary>Plays a script against a machine and says what became of it, piece by piece.</summary>
internal static class SessionPlayer
{
    /// <summary>How the bytes of a piece arrive.</summary>
    public enum Arrival
    {
        Whole,
        ByteByByte,
        InThrees,

        /// <summary>Whole, while first the client and then the backend takes nothing.</summary>
        Blocked,
    }

    /// <summary>Plays the script; the harness checks the bounds of every call.</summary>
    /// <param name="script">The session.</param>
    /// <param name="create">Makes the machine.</param>
    /// <param name="arrival">How bytes arrive.</param>
    /// <param name="seen">
    /// What both sides had and where the session stood, after each piece, as long as that depends on the pieces alone: not on whose turn comes
    /// first when both sides have something, nor on which backend the rest of a piece belongs to.
    /// </param>
    public static MachineHarness Play(SessionScript script, Func<ISessionObserver, MailMachine> create, Arrival arrival, out List<State> seen)
    {
        var harness = new MachineHarness(create) { BackendsLeft = script.HasSecondBackend ? 2 : 1 }.Start();
        seen = [];
        var isCertain = true;
        foreach (var piece in script.Pieces)
        {
            var connects = harness.Connects;
            isCertain &= IsOneLine(piece) || (piece.FromClient ? harness.BackendCarry : harness.ClientCarry) == 0;
            Play(harness, piece, arrival);
            isCertain &= connects == harness.Connects;
            if (isCertain)
            {
                seen.Add(
                    new(
                        harness.ToClientLength, harness.ToBackendLength, harness.Reports.Count, harness.Closed, harness.Transparent, harness.Connects,
                        harness.Phase));
            }
        }

        return harness;
    }

    // Nothing can be done with it before its last octet.
    private static bool IsOneLine(SessionScript.Piece piece) => piece.Bytes.AsSpan().IndexOf((byte)'\n') == piece.Bytes.Length - 1;

    private static void Play(MachineHarness harness, SessionScript.Piece piece, Arrival arrival)
    {
        switch (piece.Event)
        {
            case Signal.ClientEnded when !harness.ClientHasEnded:
                harness.ClientEnds();
                return;
            case Signal.BackendEnded when !harness.BackendHasEnded:
                harness.BackendEnds();
                return;
            case Signal.Drain or Signal.Expired:
                harness.Signal(piece.Event.Value);
                return;
            case not null:
                return;
        }

        if (piece.FromClient ? harness.ClientHasEnded : harness.BackendHasEnded)
        {
            return;
        }

        // Long pieces only reach limits: cut finer they would take for ever.
        var size = arrival switch
        {
            Arrival.ByteByByte => piece.Bytes.Length > 1000 ? 97 : 1,
            Arrival.InThrees => piece.Bytes.Length > 1000 ? 1009 : 3,
            _ => piece.Bytes.Length,
        };
        if (arrival == Arrival.Blocked)
        {
            harness.ClientBlocked = harness.BackendBlocked = true;
        }

        for (var at = 0; at < piece.Bytes.Length; at += size)
        {
            var bytes = piece.Bytes.AsSpan(at, Math.Min(size, piece.Bytes.Length - at));
            if (piece.FromClient)
            {
                harness.Client(bytes);
            }
            else
            {
                harness.Backend(bytes);
            }
        }

        if (arrival == Arrival.Blocked)
        {
            harness.ClientBlocked = false;
            harness.Pump();
            harness.BackendBlocked = false;
            harness.Pump();
        }
    }

    /// <summary>Where a session stood.</summary>
    public readonly record struct State(int ToClient, int ToBackend, int Reports, CloseReason? Closed, bool Transparent, int Connects, Phase Phase);
}
