using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using TlsFront.Protocols;
using TlsFront.Protocols.Imap;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapFuzz
{
    private static readonly Regex Strings = new("""
        "(?:[^"\\]|\\.)*"|[^\s()"]+
        """);

    internal static readonly string[] Words =
    [
        "a ", "b ", "c1 ", "NOOP", "LOGIN ", "login ", "AUTHENTICATE PLAIN", "ID ", "ID NIL", "STARTTLS", "XCLIENT A=1", "COMPRESS DEFLATE",
        "CAPABILITY", "LOGOUT",
        "alice ", "\"al\\\"ice\" ", "(\"x-originating-ip\" \"192.0.2.1\")", "(\"name\" \"mutt\")", "x-session-id", "\"", "(", ")", "\\", " ", "=",
        "*", "AGEAYg==",
        "{0}\r\n", "{3}\r\n", "{5}\r\n", "{5+}\r\n", "{12+}\r\n", "{40+}\r\n", "{99999}\r\n", "{99999+}\r\n", "{99999999999}\r\n", "{5 }\r\n",
        "{+5}\r\n", "{05+}\r\n", "~{5+}\r\n", "{5}", "{", "}",
        "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "\t", "\x80",
        "\r\na STARTTLS\r\n", "\r\nb ID (\"x-a\" \"b\")\r\n", "\r\nc LOGIN ", "\r\nd AUTHENTICATE PLAIN\r\n", "\r\ne COMPRESS DEFLATE\r\n",
    ];

    internal static readonly string[] BackendWords =
    [
        "* ", "+ ", "a ", "b ", "OK ", "NO ", "BAD ", "BYE ", "PREAUTH ", "ID ", "CAPABILITY ", "[CAPABILITY ", "[REFERRAL ", "] ", "]", "[",
        "IMAP4rev1 ", "STARTTLS ", "X ", "{3}", "{99999999999}", "xyz",
        "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", " ", "* OK ready\r\n", "a OK done\r\n", "+ \r\n", "* BYE\r\n", "a NO no\r\n", "\r\na OK done\r\n",
    ];

    [Fact]
    public void No_client_makes_the_backend_run_what_it_must_not_see() =>
        Gen.Select(Gen.OneOf(Words).Array[1, 40], Gen.Int[1, 60], Gen.Int).Sample(
            (words, chunk, seed) =>
            {
                var session = ImapMachineTests.Started();
                var server = new ImapModelServer(seed);
                session.Backend($"* OK [CAPABILITY {ImapModelServer.Capabilities}] ready\r\n");
                foreach (var piece in string.Concat(words).Chunk(chunk))
                {
                    session.Client(new string(piece));
                    while (!session.Transparent && session.Closed is null && session.TakeToBackend() is { Length: > 0 } forwarded)
                    {
                        session.Backend(server.Receive(forwarded));
                    }
                }

                Assert.DoesNotContain(server.Executed, IsForbidden);
                foreach (var hidden in new[] { " STARTTLS", "LOGINDISABLED", "-PLUS", "REFERRALS", "UNAUTHENTICATE" })
                {
                    Assert.DoesNotContain(hidden, session.ToClient);
                }
            },
            iter: 4000);

    [Fact]
    public void No_bytes_of_either_side_break_the_bounds_of_a_call() =>
        Gen.Select(Gen.Bool, Gen.OneOf([.. Words, .. BackendWords]), Gen.Int[0, 40]).Array[1, 60].Sample(
            steps =>
            {
                var session = new MachineHarness(observer => new ImapMachine(observer)) { BackendsLeft = 2 }.Start();
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
                            session.Backend(string.Concat(Enumerable.Repeat(" STARTTLS IDLE", 400)));
                            break;
                        default:
                            (fromClient ? (Action<string>)session.Client : session.Backend)(bytes);
                            break;
                    }
                }
            },
            iter: 4000);

    [Fact]
    public void Any_bytes_of_the_client_are_survived() =>
        Gen.Byte.Array[0, 400].Sample(
            bytes =>
            {
                var session = ImapMachineTests.Greeted();
                session.Client(bytes);
                Assert.DoesNotContain('\0', session.ToBackend);
                Assert.True(Encoding.Latin1.GetByteCount(session.ToBackend) <= bytes.Length + EmitBuffer.InsertCapacity);
            },
            iter: 2000);

    internal static bool IsForbidden(string command)
    {
        var words = command.Split(' ', '\t');
        return words.Length > 1 && (words[1].ToUpperInvariant() is "STARTTLS" or "XCLIENT" or "COMPRESS"
            || (words[1].Equals("ID", StringComparison.OrdinalIgnoreCase)
                && IdNames(command).Any(static name => name.StartsWith("x-", StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>Names of an ID's fields: every other string of its list.</summary>
    private static IEnumerable<string> IdNames(string command) => command.IndexOf('(', StringComparison.Ordinal) is var list and >= 0
        ? Strings.Matches(command, list).Where(static (_, index) => index % 2 == 0).Select(static match => match.Value.Trim('"'))
        : [];
}
