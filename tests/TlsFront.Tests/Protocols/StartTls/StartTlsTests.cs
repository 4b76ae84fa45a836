using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Tests.Protocols.StartTls;

/// <summary>What holds for STARTTLS in every protocol.</summary>
public class StartTlsTests
{
    public static TheoryData<StartTlsSession> All => [.. StartTlsSession.All];

    [Theory]
    [MemberData(nameof(All))]
    public void The_gateway_greets_and_no_backend_is_asked_for_before_TLS(StartTlsSession session)
    {
        var harness = session.Start();
        Assert.Equal(session.Greeting, harness.TakeToClient());
        harness.Client(session.Command[..^1]);
        Assert.Equal((0, 0, Phase.Plaintext), (harness.Connects, harness.Handshakes, harness.Phase));
        harness.Client("\n");
        Assert.Equal(session.Agreement, harness.ToClient);
        Assert.Equal((1, 1, Phase.Greeting), (harness.Connects, harness.Handshakes, harness.Phase));
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_sent_behind_the_command_ends_the_connection_and_starts_no_TLS(StartTlsSession session)
    {
        string[] attacks = ["\r\n", "a", "NOOP\r\n", "x NOOP\r\n", session.Command, "\u0016\u0003\u0001", "EHLO x\r\nAUTH PLAIN AGEAYg==\r\n"];
        foreach (var injected in attacks)
        {
            // However much of the command came before.
            for (var cut = 0; cut < session.Command.Length; cut++)
            {
                var harness = session.Start();
                harness.TakeToClient();
                harness.Client(session.Command[..cut]);
                harness.Client(session.Command[cut..] + injected);
                Assert.Equal(session.Injection, harness.ToClient);
                Assert.Equal(CloseReason.StartTlsInjection, harness.Closed);
                Assert.Equal((0, 0), (harness.Handshakes, harness.Connects));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_that_was_said_before_TLS_reaches_the_backend_or_lasts(StartTlsSession session)
    {
        var harness = session.Start();
        string[] lines = ["EHLO laptop.example.net", "a ID (\"name\" \"x\")", "USER alice", "MAIL FROM:<a@x>", "b LOGIN alice secret", "PASS secret"];
        foreach (var line in lines)
        {
            harness.Client(line + "\r\n");
        }

        harness.Client(session.Command);
        harness.TakeToClient();
        var (greeting, command) = Backend(session);
        harness.Backend(greeting);
        Assert.Equal(("", Shown(session)), (harness.ToBackend, harness.ToClient));
        harness.Client(command);
        Assert.Equal(command, harness.ToBackend);
        Assert.DoesNotContain("login", string.Join(' ', harness.Reports.Where(report => report != "credentials exposed")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_backends_greeting_is_for_the_gateway_alone_unless_clients_wait_for_it(StartTlsSession session)
    {
        var harness = session.Secured();
        var (greeting, command) = Backend(session);
        harness.Client(command);
        Assert.Equal("", harness.ToBackend);
        harness.Backend(greeting);
        Assert.Equal(Shown(session), harness.ToClient);
        Assert.Equal(command, harness.ToBackend);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_refusing_greeting_fails_over_and_the_last_one_is_told_in_the_dialogue(StartTlsSession session)
    {
        var (refusal, told) = session.Protocol switch
        {
            "smtp" => ("554 no\r\n", "421 4.3.2 mail.example.com Service not available, try again later\r\n"),
            "imap" => ("* BYE full\r\n", "* BYE full\r\n"),
            "sieve" => ("BYE \"full\"\r\n", "BYE \"full\"\r\n"),
            _ => ("-ERR full\r\n", "-ERR full\r\n"),
        };
        var harness = session.Secured(backends: 2);
        harness.Backend(refusal);
        Assert.Equal((2, ""), (harness.Connects, harness.ToClient));
        harness.Backend(refusal);
        Assert.Equal(told, harness.ToClient);
        Assert.Equal(CloseReason.BackendRefused, harness.Closed);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_a_backend_the_client_hears_so_behind_TLS(StartTlsSession session)
    {
        var harness = session.Start(backends: 0);
        harness.Client(session.Command);
        Assert.Equal(CloseReason.BackendUnavailable, harness.Closed);
        var words = harness.ToClient[(session.Greeting.Length + session.Agreement.Length)..];
        Assert.StartsWith(session.Goodbye, words, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Behind_TLS_nothing_offers_it_and_asking_again_is_refused(StartTlsSession session)
    {
        var harness = session.Secured();
        harness.Backend(Backend(session).Greeting);
        harness.Client(session.Command);
        Assert.Contains(session.Refusal, harness.ToClient, StringComparison.Ordinal);
        Assert.Equal(("", 1), (harness.ToBackend, harness.Handshakes));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Lines_are_counted_to_a_limit(StartTlsSession session)
    {
        var harness = session.Start();
        harness.Client(string.Concat(Enumerable.Repeat("NOOP\r\n", 1000)));
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
        Assert.Equal(Lines(session.Greeting) + StartTlsMachine.MaxLines + 1, Lines(harness.ToClient));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_command_takes_no_arguments(StartTlsSession session)
    {
        var harness = session.Start();
        harness.TakeToClient();
        harness.Client(session.Command[..^2] + " now\r\n");
        Assert.Contains(session.Refusal, harness.ToClient, StringComparison.Ordinal);
        Assert.Equal((0, null), (harness.Handshakes, harness.Closed));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_a_certificate_TLS_is_neither_offered_nor_begun(StartTlsSession session)
    {
        var harness = session.Start(offersTls: false);
        harness.Client("EHLO x\r\n");
        harness.Client("a CAPABILITY\r\n");
        harness.Client("CAPA\r\n");
        Assert.DoesNotContain("STARTTLS", harness.ToClient, StringComparison.Ordinal);
        Assert.DoesNotContain("STLS", harness.ToClient, StringComparison.Ordinal);
        harness.TakeToClient();
        harness.Client(session.Command);
        var refusal = session.Protocol switch { "smtp" => "454 ", "imap" => "a NO ", "sieve" => "NO ", _ => "-ERR " };
        Assert.Contains(refusal, harness.ToClient, StringComparison.Ordinal);
        Assert.Equal((0, null), (harness.Handshakes, harness.Closed));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_client_that_begins_TLS_unasked_is_told_apart(StartTlsSession session)
    {
        var harness = session.Start();
        harness.TakeToClient();
        harness.Client("\u0016\u0003\u0001\u0002\u0000\u0001");
        Assert.Equal((CloseReason.TlsUnasked, ""), (harness.Closed, harness.ToClient));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_browser_gets_no_second_line(StartTlsSession session)
    {
        var harness = session.Start();
        harness.Client("GET / HTTP/1.1\r\nHost: mail.example.com\r\n\r\n");
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
        Assert.Equal(Lines(session.Greeting) + 1, Lines(harness.ToClient));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Whatever_ends_the_plaintext_phase_is_said_in_the_protocols_words(StartTlsSession session)
    {
        foreach (var (signal, reason) in new[] { (Signal.Drain, CloseReason.Drained), (Signal.Expired, CloseReason.ClientIdle) })
        {
            var harness = session.Start();
            harness.TakeToClient();
            harness.Signal(signal);
            Assert.Equal(reason, harness.Closed);
            Assert.StartsWith(session.Goodbye, harness.ToClient, StringComparison.Ordinal);
        }

        var gone = session.Start();
        gone.ClientEnds();
        Assert.Equal(CloseReason.ClientClosed, gone.Closed);
    }

    [Theory]
    [InlineData("NOOP\0\r\n", CloseReason.BareNewline)]
    [InlineData("NO\rOP\r\n", CloseReason.BareNewline)]
    [InlineData(null, CloseReason.LineTooLong)]
    public void A_line_that_is_none_ends_the_session(string? line, object reason)
    {
        foreach (var session in StartTlsSession.All)
        {
            var harness = session.Start();
            harness.Client(line ?? new string('x', StartTlsMachine.MaxLine + 1));
            Assert.Equal(reason, harness.Closed);
        }
    }

    // RFC 5804 section 2.2: the capabilities are sent again behind TLS, once.
    private static string Shown(StartTlsSession session) =>
        session.Protocol == "sieve" ? Backend(session).Greeting.Replace("\"STARTTLS\"\r\n", "", StringComparison.Ordinal) : "";

    private static int Lines(string text) => text.Count(static character => character == '\n');

    /// <summary>A backend's greeting and the client's first command behind TLS.</summary>
    private static (string Greeting, string Command) Backend(StartTlsSession session) => session.Protocol switch
    {
        "smtp" => ("220-backend.example.com\r\n220 ESMTP\r\n", "EHLO laptop.example.net\r\n"),
        "imap" => ("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", "a CAPABILITY\r\n"),
        "sieve" => ("\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n", "CAPABILITY\r\n"),
        _ => ("+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n", "CAPA\r\n"),
    };
}
