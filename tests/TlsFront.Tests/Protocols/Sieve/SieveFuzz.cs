using CsCheck;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Sieve;

public class SieveFuzz
{
    internal static readonly string[] Words =
    [
        "AUTHENTICATE ", "\"PLAIN\"", "\"PLAIN\" ", "AUTHENTICATE \"LOGIN\"", "\"AGEAYg==\"", "AGEAYg==", "\"*\"", "\"\"", "*", "=", "CAPABILITY",
        "NOOP",
        "NOOP \"a\"", "LOGOUT", "STARTTLS", "XCLIENT ADDR=1", "UNAUTHENTICATE", "PUTSCRIPT \"a\" ", "\"", "\\", " ", "\t",
        "{0+}\r\n", "{3+}\r\n", "{8+}\r\n", "{08+}\r\n", "{10+}\r\n", "{40+}\r\n", "{5}\r\n", "{99999+}\r\n", "{99999999999+}\r\n", "~{5+}\r\n",
        "{5+}", "{", "}",
        "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "\x80", "\r\nSTARTTLS\r\n", "\r\nXCLIENT A=1\r\n", "\r\nAUTHENTICATE \"PLAIN\"\r\n",
    ];

    internal static readonly string[] BackendWords =
    [
        "OK", "NO", "BYE", " ", "(REFERRAL \"sieve://x\") ", "(SASL \"YQ==\") ", "\"", "\"SASL\" \"PLAIN A-PLUS\"\r\n", "\"STARTTLS\"\r\n",
        "\"SIEVE\" ",
        "{3}",
        "{12}\r\n", "{99999999999}\r\n", "xyz", "\r\n", "\r\n", "\r\n", "\n", "OK\r\n", "NO \"no\"\r\n", "\"\"\r\n", "\0",
    ];

    private const string Forwarded = """
        (?i)^(CAPABILITY|LOGOUT|NOOP( "[^"\\]*")?|AUTHENTICATE "[A-Z0-9_-]+"( "[A-Z0-9+/]*=*")?|"(\*|[A-Z0-9+/]*=*)")\r\n$
        """;

    [Fact]
    public void No_client_makes_the_backend_run_what_it_must_not_see() =>
        Gen.Select(Gen.OneOf(Words).Array[1, 40], Gen.Int[1, 60], Gen.Int).Sample(
            (words, chunk, seed) =>
            {
                var session = SieveSession.Started();
                session.Backend(SieveSession.Capabilities + "OK\r\n");
                var random = new Random(seed);
                foreach (var piece in string.Concat(words).Chunk(chunk))
                {
                    session.Client(new string(piece));
                    while (!session.Transparent && session.Closed is null && session.TakeToBackend() is { Length: > 0 } line)
                    {
                        // One line: no literal is needed for anything as short.
                        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
                        Assert.Matches(Forwarded, line);
                        session.Backend(random.Next(3) switch { 0 => "NO \"no\"\r\n", 1 => SieveSession.Capabilities + "OK\r\n", _ => "\"\"\r\n" });
                    }
                }

                foreach (var hidden in new[] { "\"STARTTLS\"", "-PLUS", "XCLIENT", "\"UNAUTHENTICATE\"" })
                {
                    Assert.DoesNotContain(hidden, session.ToClient.Replace("\"XCLIENT\" \"ADDR\"", ""));
                }
            },
            iter: 4000);

    [Fact]
    public void No_bytes_of_either_side_break_the_bounds_of_a_call() =>
        Gen.Select(Gen.Bool, Gen.OneOf([.. Words, .. BackendWords]), Gen.Int[0, 40]).Array[1, 60].Sample(
            steps =>
            {
                var session = SieveSession.Started(backends: 2);
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
                            session.Backend($"\"SASL\" \"{string.Concat(Enumerable.Repeat("X-PLUS PLAIN ", 400))}\"\r\n");
                            break;
                        default:
                            (fromClient ? (Action<string>)session.Client : session.Backend)(bytes);
                            break;
                    }
                }
            },
            iter: 4000);
}
