using CsCheck;
using TlsFront.Protocols;
using TlsFront.Protocols.Pop3;

namespace TlsFront.Tests.Protocols.Pop3;

public class Pop3Fuzz
{
    internal static readonly string[] Words =
    [
        "USER ", "PASS ", "APOP ", "AUTH", "AUTH PLAIN", "AUTH PLAIN ", "CAPA", "LANG", "STLS", "XCLIENT ADDR=1", "XOIP 1", "QUIT", "NOOP", "alice",
        "AGEAYg==", "*", "=", " ", "\t",
        "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "\x80", "\r\nXCLIENT A=1\r\n", "\nXOIP 1\r\n", "\r\nSTLS\r\n", "\r\nAUTH PLAIN\r\n",
    ];

    internal static readonly string[] BackendWords =
    [
        "+OK", "-ERR", "+", "+ ", " ", ".", "SASL PLAIN X-PLUS", "STLS", "XCLIENT", "\r\n", "\r\n", "\r\n", "\n", "+OK\r\n", "-ERR no\r\n", "+ \r\n",
        ".\r\n", "[XCLIENT] ", "\0",
    ];

    [Fact]
    public void No_client_makes_the_backend_run_what_it_must_not_see() =>
        Gen.Select(Gen.OneOf(Words).Array[1, 40], Gen.Int[1, 60], Gen.Int).Sample(
            (words, chunk, seed) =>
            {
                var session = Pop3MachineTests.Greeted();
                var random = new Random(seed);
                var inDialogue = false;
                foreach (var piece in string.Concat(words).Chunk(chunk))
                {
                    session.Client(new string(piece));
                    while (!session.Transparent && session.Closed is null && session.TakeToBackend() is { Length: > 0 } line)
                    {
                        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
                        Assert.EndsWith("\r\n", line);
                        session.Backend(Answer(line, ref inDialogue, random));
                    }
                }

                Assert.DoesNotContain("STLS", session.ToClient);
                Assert.DoesNotContain("-PLUS", session.ToClient);
                Assert.DoesNotContain("XCLIENT", session.ToClient);
            },
            iter: 4000);

    [Fact]
    public void No_bytes_of_either_side_break_the_bounds_of_a_call() =>
        Gen.Select(Gen.Bool, Gen.OneOf([.. Words, .. BackendWords]), Gen.Int[0, 40]).Array[1, 60].Sample(
            steps =>
            {
                var session = new MachineHarness(observer => new Pop3Machine(observer)) { BackendsLeft = 2 }.Start();
                foreach (var (fromClient, bytes, die) in steps)
                {
                    switch (die)
                    {
                        case 0:
                            session.Signal(Signal.Drain);
                            break;
                        case 1:
                            session.Client(new string('x', 5000));
                            break;
                        case 2:
                            session.Backend("SASL" + string.Concat(Enumerable.Repeat(" X-PLUS PLAIN", 400)));
                            break;
                        default:
                            (fromClient ? (Action<string>)session.Client : session.Backend)(bytes);
                            break;
                    }
                }
            },
            iter: 4000);

    // A server that takes a SASL response only after asking for one, and anything else for a command.
    internal static string Answer(string line, ref bool inDialogue, Random random)
    {
        var verb = line.TrimEnd().Split(' ', '\t')[0].ToUpperInvariant();
        if (!inDialogue)
        {
            Assert.DoesNotContain(verb, new[] { "XCLIENT", "XOIP", "STLS" });
        }

        var isResponse = inDialogue;
        inDialogue = (inDialogue || (verb == "AUTH" && line.TrimEnd().Length > 4)) && random.Next(3) > 0;
        if (inDialogue)
        {
            return "+ \r\n";
        }

        return !isResponse && verb == "CAPA" && random.Next(2) == 0 ? "+OK\r\nSTLS\r\nSASL PLAIN X-PLUS\r\nXCLIENT A\r\n.\r\n" : "-ERR no\r\n";
    }
}
