using System.Net;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Introduction;

namespace TlsFront.Tests.Protocols.Introduction;

/// <summary>A backend is told of the client before either hears of the other, and whoever does not listen serves nobody.</summary>
public class IntroductionTests
{
    private const string XClient = "XCLIENT NAME=[UNAVAILABLE] ADDR=203.0.113.5 PORT=51000 DESTADDR=198.51.100.10 DESTPORT=465\r\n";

    private const string Id = "tlsfront ID (\"x-originating-ip\" \"203.0.113.5\" \"x-originating-port\" \"51000\" "
        + "\"x-connected-ip\" \"198.51.100.10\" \"x-connected-port\" \"465\" \"x-session-id\" \"01J9ZQ7K3M\")\r\n";

    private const string Pop3XClient = "XCLIENT ADDR=203.0.113.5 PORT=51000 SESSION=01J9ZQ7K3M\r\n";

    [Fact]
    public void Smtp_the_client_gets_the_greeting_that_follows_XCLIENT()
    {
        var harness = Start("smtp");
        harness.Client("EHLO laptop\r\n");
        harness.Backend("220 first ESMTP\r\n");
        Assert.Equal("EHLO mail.example.com\r\n", harness.TakeToBackend());
        harness.Backend("250-first\r\n250-XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT\r\n250 PIPELINING\r\n");
        Assert.Equal(XClient, harness.TakeToBackend());
        Assert.Equal("", harness.ToClient);
        harness.Backend("220 second ESMTP\r\n");
        Assert.Equal("220 second ESMTP\r\n", harness.ToClient);
        Assert.Equal("EHLO laptop\r\n", harness.ToBackend);
    }

    [Fact]
    public void Smtp_only_what_is_offered_is_named()
    {
        var harness = Start("smtp", facts => facts.Client = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 51000));
        harness.Backend("220 dovecot\r\n");
        harness.TakeToBackend();
        harness.Backend("250-dovecot\r\n250 xclient ADDR PORT HELO PROTO LOGIN SESSION TTL\r\n");
        Assert.Equal("XCLIENT ADDR=IPV6:2001:db8::1 PORT=51000 SESSION=01J9ZQ7K3M\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("250 plain\r\n")]
    [InlineData("250-plain\r\n250 XCLIENT LOGIN\r\n")]
    [InlineData("250-plain\r\n250 XCLIENTS ADDR\r\n")]
    [InlineData("500 what\r\n")]
    public void Smtp_a_server_that_does_not_offer_it_serves_nobody(string reply)
    {
        var harness = Start("smtp");
        harness.Backend("220 hi\r\n");
        harness.Backend(reply);
        AssertRefused(harness, "421 ");
        Assert.DoesNotContain("XCLIENT", harness.ToBackend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("501 bad\r\n")]
    [InlineData("250 ok\r\n")]
    public void Smtp_a_server_that_refuses_it_serves_nobody(string reply)
    {
        var harness = Start("smtp");
        harness.Backend("220 hi\r\n");
        harness.Backend("250-hi\r\n250 XCLIENT ADDR\r\n");
        harness.Backend(reply);
        AssertRefused(harness, "421 ");
    }

    [Theory]
    [InlineData("smtp", "554 no\r\n")]
    [InlineData("imap", "* BYE full\r\n")]
    [InlineData("pop3", "-ERR full\r\n")]
    public void A_refusing_greeting_is_the_sessions_business(string protocol, string greeting)
    {
        var harness = Start(protocol);
        harness.Backend(greeting);
        Assert.Equal(greeting, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [InlineData("421 4.7.0 too many\r\n")]
    [InlineData("554 5.7.1 listed\r\n")]
    public void Smtp_a_client_that_is_refused_once_it_is_known_is_no_fault_of_the_server(string reply)
    {
        var harness = Start("smtp");
        harness.Backend("220 hi\r\n");
        harness.Backend("250-hi\r\n250 XCLIENT ADDR\r\n");
        harness.Backend(reply);
        Assert.Equal(reply, harness.ToClient);
        Assert.NotEqual(CloseReason.IdentityRefused, harness.Closed);
    }

    [Theory]
    [InlineData("imap", "* PREAUTH hi\r\n", "* BYE ")]
    [InlineData("smtp", "250 hi\r\n", "421 ")]
    public void A_greeting_that_would_skip_it_is_refused(string protocol, string greeting, string words)
    {
        var harness = Start(protocol);
        harness.Backend(greeting);
        AssertRefused(harness, words);
    }

    [Theory]
    [InlineData("* OK still here {99}\r\ntlsfront ok done\r\n")]
    [InlineData("* ID (\"name\" {16}\r\ntlsfront NO no\r\n \"v\" {3}\r\nabc)\r\ntlsfront OK done\r\n")]
    public void Imap_only_the_strings_of_ID_are_literals(string answer)
    {
        var harness = Start("imap");
        harness.Backend("* OK ready\r\n");
        harness.Backend(answer);
        Assert.Equal("* OK ready\r\n", harness.ToClient);
    }

    [Fact]
    public void Imap_a_greeting_in_small_letters_is_one()
    {
        var harness = Start("imap");
        harness.Backend("* ok hi\r\n");
        Assert.Equal(Id, harness.ToBackend);
    }

    [Fact]
    public void Imap_the_client_gets_the_greeting_once_the_ID_is_taken()
    {
        var harness = Start("imap");
        harness.Client("a CAPABILITY\r\n");
        harness.Backend("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n");
        Assert.Equal(Id, harness.TakeToBackend());
        Assert.Equal("", harness.ToClient);
        harness.Backend("* ID (\"name\" {9}\r\n* BYE\r\nx \"v\" NIL)\r\ntlsfront OK done\r\n");
        Assert.Equal("* OK [CAPABILITY IMAP4rev1] ready\r\n", harness.ToClient);
        Assert.Equal("a CAPABILITY\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("tlsfront BAD what\r\n")]
    [InlineData("tlsfront NO no\r\n")]
    [InlineData("* BYE no\r\n")]
    public void Imap_a_server_that_refuses_it_serves_nobody(string reply)
    {
        var harness = Start("imap");
        harness.Backend("* OK ready\r\n");
        harness.Backend(reply);
        AssertRefused(harness, "* BYE ");
    }

    [Fact]
    public void Pop3_the_client_gets_the_greeting_without_the_mark()
    {
        var harness = Start("pop3");
        harness.Client("CAPA\r\n");
        harness.Backend("+OK [XCLIENT] Dovecot ready.\r\n");
        Assert.Equal(Pop3XClient, harness.TakeToBackend());
        harness.Backend("+OK Updated\r\n");
        Assert.Equal("+OK Dovecot ready.\r\n", harness.ToClient);
        Assert.Equal("CAPA\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("+OK Dovecot ready.\r\n", null)]
    [InlineData("+OK [XCLIENT] Dovecot ready.\r\n", "-ERR what\r\n")]
    public void Pop3_a_server_that_does_not_trust_us_serves_nobody(string greeting, string? reply)
    {
        var harness = Start("pop3");
        harness.Backend(greeting);
        if (reply is not null)
        {
            harness.Backend(reply);
        }

        AssertRefused(harness, "-ERR ");
    }

    [Theory]
    [InlineData("smtp", "250 x\r\n", "220 ok\r\n")]
    [InlineData("imap", "tlsfront NO x\r\n", "* OK ready\r\n")]
    public void Who_refuses_is_followed_by_the_next_which_is_told_anew(string protocol, string refusal, string greeting)
    {
        var harness = Start(protocol, backends: 2);
        harness.Backend(greeting);
        harness.TakeToBackend();
        harness.Backend(refusal);
        Assert.Equal((2, ""), (harness.Connects, harness.ToClient));
        harness.Backend(greeting);
        Assert.NotEqual("", harness.ToBackend);
    }

    [Theory]
    [InlineData("smtp", "220 hi\r\n")]
    [InlineData("imap", "* OK hi\r\n")]
    [InlineData("pop3", "+OK hi\r\n")]
    public void A_backend_that_gets_a_header_is_told_nothing(string protocol, string greeting)
    {
        var harness = Start(protocol, facts => facts.IsIntroducedInDialogue = false);
        harness.Backend(greeting);
        Assert.Equal((greeting, ""), (harness.ToClient, harness.ToBackend));
    }

    [Theory]
    [InlineData("smtp")]
    [InlineData("imap")]
    [InlineData("pop3")]
    public void What_a_server_says_without_end_is_not_kept_for_ever(string protocol)
    {
        var harness = Start(protocol);
        harness.Backend(new string('x', 40_000));
        Assert.NotNull(harness.Closed);
    }

    private static void AssertRefused(MachineHarness harness, string words)
    {
        Assert.Equal(CloseReason.IdentityRefused, harness.Closed);
        Assert.StartsWith(words, harness.ToClient, StringComparison.Ordinal);
    }

    private static MachineHarness Start(string protocol, Action<SessionFacts>? change = null, int backends = 1)
    {
        var profile = ProtocolProfile.All.Single(profile => profile.Name == protocol);
        var facts = MachineHarness.DefaultFacts();
        facts.IsIntroducedInDialogue = true;
        change?.Invoke(facts);
        return new MachineHarness(
            observer => new IntroducingMachine(
                profile.CreateIntroduction, profile.CreateMachine(new SessionRules(), observer, isGreeted: false)), facts)
        { BackendsLeft = backends }.Start();
    }
}
