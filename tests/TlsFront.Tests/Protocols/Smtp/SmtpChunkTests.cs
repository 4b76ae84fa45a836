using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpChunkTests
{
    private static readonly string Header = SmtpSession.Header();

    [Fact]
    public void The_only_chunk_grows_by_the_header()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client($"BDAT 86 LAST\r\n{new string('x', 86)}");
        Assert.Equal($"BDAT {Header.Length + 86} LAST\r\n{Header}{new string('x', 86)}", harness.ToBackend);
        Assert.Equal(Phase.FinalReply, harness.Phase);
        harness.Backend("250 queued\r\n");
        Assert.Equal(["message accepted"], harness.Reports);
    }

    [Fact]
    public void Only_the_first_chunk_grows()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client($"BDAT 1000\r\n{new string('\n', 1000)}BDAT 0 LAST\r\n");
        Assert.Equal($"BDAT {Header.Length + 1000}\r\n{Header}{new string('\n', 1000)}", harness.ToBackend);
        harness.Backend("250 1000 octets\r\n");
        Assert.EndsWith("\nBDAT 0 LAST\r\n", harness.ToBackend);
        harness.Backend("250 queued\r\n");
        Assert.Equal(["message accepted"], harness.Reports);
    }

    [Fact]
    public void An_empty_chunk_waits_for_content_and_an_empty_message_still_gets_its_trace()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 0\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Client("BDAT 0 LAST\r\n");
        Assert.Equal($"BDAT 0\r\nBDAT {Header.Length} LAST\r\n{Header}", harness.ToBackend);
    }

    [Fact]
    public void Octets_are_never_looked_at()
    {
        const string Content = "\r\n.\r\nRSET\r\n\0\n\rMAIL";
        var harness = SmtpSession.InTransaction(" BODY=BINARYMIME");
        harness.Client($"BDAT {Content.Length} LAST\r\n{Content}");
        Assert.EndsWith(Header + Content, harness.ToBackend);
    }

    [Theory]
    [InlineData("BDAT")]
    [InlineData("BDAT x")]
    [InlineData("BDAT -1")]
    [InlineData("BDAT +1")]
    [InlineData("BDAT 1 FIRST")]
    [InlineData("BDAT 1LAST")]
    [InlineData("BDAT 1 LAST now")]
    [InlineData("BDAT 0x10")]
    [InlineData("BDAT 9999999999999999")]
    [InlineData("BDAT 18446744073709551617")]
    [InlineData("BDAT 5\tLAST")]
    public void What_cannot_be_counted_ends_the_session(string command)
    {
        var harness = SmtpSession.InTransaction();
        harness.Client(command + "\r\nxxxxx");
        Assert.Equal("501 5.5.4 Syntax error in BDAT\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("bdat 005 last", "BDAT 5 LAST\r\n")]
    [InlineData("BDAT  5   LAST ", "BDAT 5 LAST\r\n")]
    public void Both_sides_count_the_same(string command, string forwarded)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n12345");
        Assert.Equal(forwarded + "12345", harness.ToBackend);
    }

    [Fact]
    public void A_chunk_without_a_transaction_gets_no_header_and_is_consumed_all_the_same()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("BDAT 6 LAST\r\nRSET\r\nNOOP\r\n");
        harness.Backend("503 MAIL first\r\n");
        Assert.Equal("BDAT 6 LAST\r\nRSET\r\nNOOP\r\n", harness.ToBackend);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public void A_refused_first_chunk_spoils_the_transaction_and_is_counted_once()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 4\r\nab");
        harness.Backend("552 too big\r\n");
        harness.Client("cdBDAT 4 LAST\r\nQUIT");
        Assert.Equal($"BDAT {Header.Length + 4}\r\n{Header}abcdBDAT 4 LAST\r\nQUIT", harness.ToBackend);
        harness.Backend("503 RSET first\r\n");
        Assert.Equal(["message refused"], harness.Reports);

        harness.Forget();
        harness.Client("RSET\r\nMAIL FROM:<a@x>\r\nRCPT TO:<bob@example.org>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 1 LAST\r\nx");
        Assert.EndsWith(SmtpSession.Header(2) + "x", harness.ToBackend);
    }

    [Fact]
    public void A_failed_MAIL_in_the_middle_of_a_message_adds_no_second_header()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 1\r\nxMAIL FROM:<a@x>\r\nBDAT 1 LAST\r\ny");
        harness.Backend("250 Ok\r\n");
        harness.Backend("503 nested\r\n");
        harness.Backend("250 queued\r\n");
        Assert.Equal($"BDAT {Header.Length + 1}\r\n{Header}xMAIL FROM:<a@x>\r\nBDAT 1 LAST\r\ny", harness.ToBackend);
    }

    [Fact]
    public void A_whole_pipelined_message_waits_for_the_replies_its_header_depends_on()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<no@example.org>\r\nRCPT TO:<bob@example.org>\r\nBDAT 1 LAST\r\nxQUIT\r\n");
        Assert.DoesNotContain("BDAT", harness.ToBackend);
        harness.Backend("250 Ok\r\n550 no\r\n250 Ok\r\n");
        Assert.EndsWith($"{SmtpSession.Header(1, null)}xQUIT\r\n", harness.ToBackend);
        harness.Backend("250 queued\r\n221 Bye\r\n");
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Fact]
    public void A_client_that_vanishes_inside_a_chunk_leaves_it_incomplete()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 10 LAST\r\n12345");
        harness.ClientEnds();
        Assert.EndsWith(Header + "12345", harness.ToBackend);
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }
}
