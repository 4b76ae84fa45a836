using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Sieve;

/// <summary>What of a backend's words a client gets: capabilities, statuses, goodbyes.</summary>
public class SieveReplyTests
{
    private const string Referral = "(REFERRAL \"sieve://b.example.com\") ";

    [Fact]
    public void Capabilities_lose_what_does_not_work_through_the_gateway()
    {
        var session = SieveSession.Started();
        Assert.Equal(SieveSession.Shown + "OK \"ready\"\r\n", session.Relayed(SieveSession.Capabilities + "OK \"ready\"\r\n"));
        session.Client("CAPABILITY\r\n");
        Assert.Equal(SieveSession.Shown, session.Relayed(SieveSession.Capabilities));
        Assert.Equal("NO \"but\"\r\n", session.Relayed("NO \"but\"\r\n"));
    }

    [Theory]
    [InlineData("\"SIEVE\" {4}\r\na\r\nb\r\n", "\"SIEVE\" {4}\r\na\r\nb\r\n")]
    [InlineData("{5}\r\nSIEVE \"a\"\r\n", "{5}\r\nSIEVE \"a\"\r\n")]
    [InlineData("\"X-A\" {10}\r\nSTARTTLS\r\n\r\n", "")]
    [InlineData("{8}\r\nSTARTTLS\r\n", "")]
    [InlineData("\"starttls\"\r\n", "")]
    [InlineData("\"STARTTLS\" \"\"\r\n", "")]
    [InlineData("\"SASL\" \"SCRAM-SHA-1-PLUS\"\r\n", "\"SASL\" \"\"\r\n")]
    [InlineData("\"SASL\" \"\"\r\n", "\"SASL\" \"\"\r\n")]
    [InlineData("\"sasl\" {16}\r\nA-PLUS  PLAIN a=\r\n", "\"SASL\" \"PLAIN\"\r\n")]
    [InlineData("\"SASL\"\r\n", "")]
    [InlineData("\"SIEVE SASL\"\r\n", "")]
    [InlineData("\"a\\b\"\r\n", "")]
    [InlineData("\"MAXREDIRECTS\" \"4\"\n", "\"MAXREDIRECTS\" \"4\"\n")]
    public void A_capability_is_its_name_in_either_form(string line, string shown) =>
        Assert.Equal(shown + "OK\r\n", SieveSession.Started().Relayed(line + "OK\r\n"));

    [Fact]
    public void A_list_without_end_is_no_greeting_and_one_with_many_lines_is_cut()
    {
        var flood = SieveSession.Started();
        flood.Backend(string.Concat(Enumerable.Repeat("\"SIEVE\" \"a\"\r\n", 2000)));
        Assert.Equal(CloseReason.BackendProtocolError, flood.Closed);

        var cut = SieveSession.Started();
        cut.Backend(string.Concat(Enumerable.Repeat("\"SIEVE\" \"a\"\r\n\"X\"\r\n", 700)) + "OK\r\n");
        Assert.EndsWith("\"a\"\r\nOK\r\n", cut.ToClient);
        Assert.Null(cut.Closed);
        var mechanisms = SieveSession.Started();
        mechanisms.Backend($"\"SASL\" \"{string.Concat(Enumerable.Repeat("PLAIN A-PLUS ", 900))}\"\r\nOK\r\n");
        Assert.EndsWith("PLAIN\"\r\nOK\r\n", mechanisms.ToClient);
    }

    [Fact]
    public void A_client_has_nothing_of_a_greeting_that_breaks_off()
    {
        var session = SieveSession.Started(backends: 2);
        session.Backend("\"SIEVE\" \"first\"\r\n");
        session.BackendEnds();
        Assert.Equal((2, ""), (session.Connects, session.ToClient));
    }

    [Theory]
    [InlineData("BYE \"full\"\r\n", CloseReason.BackendRefused, "BYE \"full\"\r\n")]
    [InlineData("\"SIEVE\" \"\"\r\nNO {4}\r\nfull\r\n", CloseReason.BackendRefused, "NO {4}\r\nfull\r\n")]
    [InlineData("BYE " + Referral + "\"there\"\r\n", CloseReason.BackendRefused, "BYE \"there\"\r\n")]
    [InlineData("BYE (REFERRAL {9}\r\nsieve://b)\r\n", CloseReason.BackendRefused, "BYE\r\n")]
    [InlineData("BYE (referral x\r\n", CloseReason.BackendRefused, "BYE\r\n")]
    [InlineData(
        "* OK IMAP\r\n", CloseReason.BackendProtocolError, "BYE (TRYLATER) \"The mail server gave an answer that is not ManageSieve\"\r\n")]
    public void A_refusing_greeting_fails_over_and_the_last_one_is_told(string greeting, object reason, string told)
    {
        var session = SieveSession.Started(backends: 2);
        session.Backend(greeting);
        Assert.Equal((2, "", null), (session.Connects, session.ToClient, session.Closed));
        session.Backend(greeting);
        Assert.Equal((reason, told.TrimEnd()), (session.Closed, session.ToClient.TrimEnd()));
    }

    [Theory]
    [InlineData("NOOP\r\n", "BYE " + Referral + "\"there\"\r\n", "BYE \"there\"\r\n")]
    [InlineData("NOOP\r\n", "NO " + Referral + "\"there\"\r\n", "NO \"there\"\r\n")]
    [InlineData("", "BYE " + Referral + "\"there\"\r\n", "BYE \"there\"\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "BYE " + Referral + "\"there\"\r\n", "BYE " + Referral + "\"there\"\r\n")]
    [InlineData("AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", "NO " + Referral + "\"there\"\r\n", "NO " + Referral + "\"there\"\r\n")]
    [InlineData("NOOP\r\n", "OK (TAG \"{3}\") \"{3}\"\r\n", "OK (TAG \"{3}\") \"{3}\"\r\n")]
    public void A_referral_is_for_whoever_logs_in(string command, string answer, string told)
    {
        var session = SieveSession.Greeted();
        session.Client(command);
        Assert.Equal(told, session.Relayed(answer));
        Assert.Equal(answer.StartsWith("BYE", StringComparison.Ordinal) ? CloseReason.BackendClosed : null, session.Closed);
    }

    [Fact]
    public void Logout_ends_the_session_in_order()
    {
        var session = SieveSession.Greeted();
        session.Client("LOGOUT\r\n");
        Assert.Equal("OK \"bye\"\r\n", session.Relayed("OK \"bye\"\r\n"));
        Assert.Equal(CloseReason.Completed, session.Closed);
    }

    [Theory]
    [InlineData(Signal.Drain, CloseReason.Drained, "BYE (TRYLATER) \"Shutting down, connect again\"\r\n")]
    [InlineData(Signal.Expired, CloseReason.ClientIdle, "BYE \"Idle for too long\"\r\n")]
    [InlineData(Signal.BackendEnded, CloseReason.BackendClosed, "BYE (TRYLATER) \"The mail server closed the connection\"\r\n")]
    public void The_gateway_says_why_it_ends_a_session(object signal, object reason, string goodbye)
    {
        var session = SieveSession.Greeted();
        session.Signal((Signal)signal);
        Assert.Equal((reason, goodbye), (session.Closed, session.ToClient));
    }

    [Fact]
    public void A_drain_waits_for_the_answer_that_is_owed()
    {
        var session = SieveSession.Greeted();
        session.Client("NOOP\r\n");
        session.Signal(Signal.Drain);
        Assert.Null(session.Closed);
        Assert.Equal("OK\r\nBYE (TRYLATER) \"Shutting down, connect again\"\r\n", session.Relayed("OK\r\n"));
    }
}
