using System.Text;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>Nonsense from both sides: the harness checks the bounds of every call; here what must hold whatever comes.</summary>
public class SmtpFuzzTests
{
    private const int Sessions = 4_000;

    internal static readonly string[] ClientWords =
    [
        "EHLO x\r\n", "HELO [1.2.3.4]\r\n", "AUTH PLAIN AGEAYg==\r\n", "AUTH LOGIN\r\n", "*\r\n", "=\r\n", "MAIL FROM:<a@x> SIZE=5 SMTPUTF8\r\n",
        "RCPT TO:<b@x>\r\n", "DATA\r\n",
        "BDAT 5\r\n", "BDAT 3 LAST\r\n", "BDAT 0 LAST\r\n", "abc", ".\r\n", "\r\n.\r\n", "\n.\n", "RSET\r\n", "NOOP\r\n", "VRFY x\r\n",
        "XCLIENT ADDR=1.2.3.4\r\n", "STARTTLS\r\n", "QUIT\r\n",
        "\r", "\n", "\0", ".", "\r\n", "mail", " ", "XYZZY\r\n", "text text text text text text text text\r\n",
    ];

    internal static readonly string[] BackendWords =
    [
        "250 Ok\r\n", "250 Ok\r\n", "250 Ok\r\n", "250-a\r\n", "250-STARTTLS\r\n", "250 AUTH PLAIN GSSAPI\r\n", "354 Go\r\n", "354 Go\r\n",
        "235 Ok\r\n", "235 Ok\r\n",
        "535 no\r\n", "550 no\r\n", "503 no\r\n", "421 bye\r\n", "221 bye\r\n", "25", "0 ok", "\r\n", "\n", "x", "250-SIZE 5\r\n",
        "250-CHUNKING\r\n", "250-CHUNKING\r\n", "250-PIPELINING\r\n",
    ];

    private static readonly string[] ChallengingBackendWords = [.. BackendWords, "334 \r\n", "334 \r\n", "334 \r\n"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_sessions_break_no_rule(int seed)
    {
        var random = new Random(seed);
        for (var session = 0; session < Sessions; session++)
        {
            var rules = new SessionRules(BareNewlines: random.Next(2) == 0 ? BareNewlines.Normalize : BareNewlines.Reject);
            var harness = new MachineHarness(observer => new SmtpMachine(rules, observer)) { BackendsLeft = 1 + random.Next(2) }.Start();
            harness.Backend("220 hello\r\n");
            var words = random.Next(2) == 0 ? BackendWords : ChallengingBackendWords;
            for (var step = 0; step < 60 && harness.Closed is null; step++)
            {
                Step(harness, words, random);
            }

            if (words == ChallengingBackendWords)
            {
                // The client may answer a challenge with whatever it likes: such lines are no commands, and bounds are all there is to check.
                continue;
            }

            Assert.DoesNotMatch(
                "(?im)^(MAIL|RCPT|DATA|BDAT|VRFY|Received:)(\\s|$)", harness.ToBackend[..(harness.ToBackendAtLogin ?? harness.ToBackend.Length)]);
            // Words that only mean something as commands never stand where the backend reads commands; it reads only what follows.
            Assert.DoesNotMatch("(?im)^(STARTTLS|XCLIENT)(\\s|$)", CommandsOf(harness.ToBackend));
        }
    }

    [Fact]
    public void Random_bytes_from_both_sides_break_no_bound()
    {
        var random = new Random(4);
        for (var session = 0; session < 2_000; session++)
        {
            var harness = session % 2 == 0 ? SmtpSession.InData() : SmtpSession.LoggedIn();
            for (var step = 0; step < 10 && harness.Closed is null; step++)
            {
                var bytes = new byte[random.Next(600)];
                random.NextBytes(bytes);
                if (random.Next(4) > 0)
                {
                    harness.Client(bytes);
                }
                else
                {
                    harness.Backend(bytes);
                }
            }
        }
    }

    private static void Step(MachineHarness harness, string[] words, Random random)
    {
        switch (random.Next(40))
        {
            case 0 when !harness.ClientHasEnded:
                harness.ClientEnds();
                break;
            case 1 when !harness.BackendHasEnded:
                harness.BackendEnds();
                break;
            case 2:
                harness.Signal(random.Next(8) == 0 ? Signal.Expired : Signal.Drain);
                break;
            case < 24 when !harness.ClientHasEnded:
                SendWords(ClientWords, harness.Client, random);
                break;
            case >= 24 when !harness.BackendHasEnded:
                SendWords(words, harness.Backend, random);
                break;
        }
    }

    private static void SendWords(string[] words, Action<string> send, Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(5); i >= 0; i--)
        {
            text.Append(words[random.Next(words.Length)]);
        }

        // At times only the first half arrives, and the rest of the word never does.
        send(random.Next(10) == 0 ? text.ToString(0, text.Length / 2) : text.ToString());
    }

    // Drops what a backend reads as message: chunks by their length, data up to its end.
    private static string CommandsOf(string atBackend)
    {
        var commands = new StringBuilder();
        for (var rest = atBackend; rest.Length > 0;)
        {
            if (rest.StartsWith("Received:", StringComparison.Ordinal) || rest.StartsWith(".\r\n", StringComparison.Ordinal))
            {
                var end = ReferenceData.EndOf(rest);
                rest = end < 0 ? "" : rest[end..];
                continue;
            }

            var line = rest[..(rest.IndexOf('\n') + 1 is > 0 and var length ? length : rest.Length)];
            rest = rest[line.Length..];
            commands.Append(line);
            if (line.StartsWith("BDAT ", StringComparison.Ordinal))
            {
                rest = rest[Math.Min(rest.Length, int.Parse(line.Split(' ')[1].TrimEnd(), System.Globalization.CultureInfo.InvariantCulture))..];
            }
        }

        return commands.ToString();
    }
}
