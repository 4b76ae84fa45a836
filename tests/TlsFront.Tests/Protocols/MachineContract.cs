using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols;

/// <summary>
/// What every machine owes both engines: the same bytes out however the bytes in were cut, whichever side was blocked meanwhile and
/// whatever event came in between. Derive, name the machine and its transcripts.
/// </summary>
public abstract class MachineContract
{
    private static readonly Signal[] Events = [Signal.Drain, Signal.Expired, Signal.ClientEnded, Signal.ClientLost, Signal.BackendEnded];

    private delegate void Feed(MachineHarness harness, Transcript.Piece piece);

    private protected abstract MailMachine Create(ISessionObserver observer);

    private protected abstract IEnumerable<Transcript> Transcripts { get; }

    /// <summary>What is known of each session.</summary>
    private protected virtual SessionFacts Facts => MachineHarness.DefaultFacts();

    [Fact]
    public void Every_two_way_split_gives_the_same_bytes()
    {
        foreach (var transcript in Transcripts)
        {
            var expected = Run(transcript, Whole);
            for (var index = 0; index < transcript.Count; index++)
            {
                for (var cut = 1; cut < transcript[index].Bytes.Length; cut++)
                {
                    AssertSame(expected, Run(transcript, Whole, (index, SplitAt(cut))), $"{transcript}: piece {index} cut at {cut}");
                }
            }
        }
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_bytes()
    {
        foreach (var transcript in Transcripts)
        {
            AssertSame(Run(transcript, Whole), Run(transcript, ByteByByte), $"{transcript}: byte by byte");
        }
    }

    [Fact]
    public void A_side_that_takes_nothing_for_a_while_changes_nothing()
    {
        foreach (var transcript in Transcripts)
        {
            var expected = Run(transcript, Whole);
            foreach (var client in new[] { true, false })
            {
                AssertSame(expected, Run(transcript, Blocked(client, Whole)), $"{transcript}: {(client ? "client" : "backend")} blocked");
                AssertSame(
                    expected, Run(transcript, Blocked(client, ByteByByte)), $"{transcript}: {(client ? "client" : "backend")} blocked, byte by byte");
            }
        }
    }

    [Fact]
    public void An_event_after_any_piece_gives_the_same_bytes_however_the_pieces_were_cut()
    {
        foreach (var transcript in Transcripts)
        {
            foreach (var signal in Events)
            {
                for (var after = -1; after < transcript.Count; after++)
                {
                    var what = $"{transcript}: {signal} after piece {after}";
                    var expected = Run(transcript, Whole, inject: (after, signal));
                    AssertSame(expected, Run(transcript, ByteByByte, inject: (after, signal)), what);
                    AssertSame(expected, Run(transcript, Blocked(true, Whole), inject: (after, signal)), what + ", client blocked");
                    AssertSame(expected, Run(transcript, Blocked(false, Whole), inject: (after, signal)), what + ", backend blocked");
                }
            }
        }
    }

    [Fact]
    public void An_event_between_any_two_bytes_breaks_nothing()
    {
        foreach (var transcript in Transcripts)
        {
            foreach (var signal in Events)
            {
                for (var index = 0; index < transcript.Count; index++)
                {
                    for (var cut = 1; cut < transcript[index].Bytes.Length; cut++)
                    {
                        // The harness checks every call's bounds; here only that nothing throws and the session can be ended.
                        Run(transcript, Whole, (index, EventAt(cut, signal)));
                    }
                }
            }
        }
    }

    /// <summary>Has another process go on with the session wherever the machine lets it; how often it did.</summary>
    private protected int AssertSameElsewhere(ProtocolProfile profile)
    {
        var moves = 0;
        Feed moved = (harness, piece) =>
        {
            foreach (var character in piece.Event is null ? piece.Bytes : "")
            {
                harness.TryMove(profile, new SessionRules());
                Send(harness, piece, character.ToString());
            }

            if (piece.Event is not null)
            {
                Whole(harness, piece);
            }

            harness.TryMove(profile, new SessionRules());
            moves = Math.Max(moves, harness.Moves);
        };
        foreach (var transcript in Transcripts)
        {
            AssertSame(Run(transcript, ByteByByte), Run(transcript, moved), $"{transcript}: elsewhere");
        }

        return moves;
    }

    private List<string> Run(Transcript transcript, Feed feed, (int Index, Feed Feed)? special = null, (int After, Signal Signal)? inject = null)
    {
        var harness = new MachineHarness(Create, Facts) { BackendsLeft = transcript.Backends }.Start();
        var seen = new List<string>();
        for (var index = -1; index < transcript.Count; index++)
        {
            if (index >= 0)
            {
                (special?.Index == index ? special.Value.Feed : feed)(harness, transcript[index]);
            }

            if (inject?.After == index)
            {
                Raise(harness, inject.Value.Signal);
            }

            Assert.InRange(harness.ClientCarry, 0, MailMachine.MaxCarry);
            Assert.InRange(harness.BackendCarry, 0, MailMachine.MaxCarry);
            seen.Add(Describe(harness));
        }

        return seen;
    }

    private static string Describe(MachineHarness harness) =>
        $"to client: {harness.ToClient}\nto backend: {harness.ToBackend}\nreports: {string.Join(", ", harness.Reports)}\n"
        + $"closed: {harness.Closed} transparent: {harness.Transparent} connects: {harness.Connects} phase: {harness.Phase}";

    private static void AssertSame(List<string> expected, List<string> actual, string what)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i] != actual[i])
            {
                Assert.Fail($"{what}, after step {i - 1}\n--- expected\n{expected[i]}\n--- actual\n{actual[i]}");
            }
        }
    }

    private static void Whole(MachineHarness harness, Transcript.Piece piece) => Send(harness, piece, piece.Bytes);

    private static void ByteByByte(MachineHarness harness, Transcript.Piece piece)
    {
        if (piece.Event is not null)
        {
            Whole(harness, piece);
        }

        foreach (var character in piece.Bytes)
        {
            Send(harness, piece, character.ToString());
        }
    }

    private static Feed SplitAt(int cut) => (harness, piece) =>
    {
        Send(harness, piece, piece.Bytes[..cut]);
        Send(harness, piece, piece.Bytes[cut..]);
    };

    private static Feed EventAt(int cut, Signal signal) => (harness, piece) =>
    {
        Send(harness, piece, piece.Bytes[..cut]);
        Raise(harness, signal);
        Send(harness, piece, piece.Bytes[cut..]);
    };

    private static Feed Blocked(bool client, Feed feed) => (harness, piece) =>
    {
        (harness.ClientBlocked, harness.BackendBlocked) = (client, !client);
        feed(harness, piece);
        (harness.ClientBlocked, harness.BackendBlocked) = (false, false);
        harness.Pump();
    };

    private static void Send(MachineHarness harness, Transcript.Piece piece, string bytes)
    {
        if (piece.Event is { } signal)
        {
            Raise(harness, signal);
        }
        else if (piece.FromClient && !harness.ClientHasEnded)
        {
            harness.Client(bytes);
        }
        else if (!piece.FromClient && !harness.BackendHasEnded)
        {
            harness.Backend(bytes);
        }
    }

    private static void Raise(MachineHarness harness, Signal signal)
    {
        switch (signal)
        {
            case Signal.ClientEnded when harness.ClientHasEnded:
            case Signal.BackendEnded when harness.BackendHasEnded:
                break;
            case Signal.ClientEnded:
                harness.ClientEnds();
                break;
            case Signal.BackendEnded:
                harness.BackendEnds();
                break;
            default:
                harness.Signal(signal);
                break;
        }
    }
}
