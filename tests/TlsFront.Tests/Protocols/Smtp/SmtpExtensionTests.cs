using TlsFront.Connections;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>What the backend did not offer in this session is not sent to it as if it had.</summary>
public class SmtpExtensionTests
{
    private const string Refusal = "503 5.5.1 BDAT is not offered\r\n";
    private const string Smuggled = "XCLIENT ADDR=9.9.9.9\r\nMAIL FROM:<evil@x>\r\n";
    private const string WithoutChunking = "250-backend\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n";

    [Theory]
    [InlineData(WithoutChunking)]
    [InlineData("250-CHUNKING\r\n250 8BITMIME\r\n")]
    [InlineData("250-backend\r\n250 CHUNKING=1\r\n")]
    [InlineData("250-backend\r\n250 X-CHUNKING\r\n")]
    [InlineData("250 backend\r\n")]
    public void A_chunk_is_swallowed_where_the_backend_would_run_it_as_commands(string ehloReply)
    {
        var harness = SmtpSession.InTransaction(ehloReply: ehloReply);
        harness.Client($"BDAT {Smuggled.Length} LAST\r\n{Smuggled}NOOP\r\n");
        Assert.Equal(Refusal, harness.ToClient);
        Assert.Equal("NOOP\r\n", harness.ToBackend);
        harness.Backend("250 Ok\r\n");
        Assert.Equal(Refusal + "250 Ok\r\n", harness.ToClient);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("EHLO x\r\n", WithoutChunking, false)]
    [InlineData("HELO x\r\n", "250-backend\r\n250 CHUNKING\r\n", false)]
    [InlineData("EHLO x\r\n", "501-no\r\n501 CHUNKING\r\n", true)]
    [InlineData("HELO x\r\n", "501 no\r\n", true)]
    public void The_last_answer_that_was_accepted_counts(string command, string reply, bool isForwarded)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command);
        harness.Backend(reply);
        harness.Client("MAIL FROM:<a@x>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client($"BDAT {Smuggled.Length} LAST\r\n{Smuggled}");
        Assert.Equal(isForwarded ? "" : Refusal, harness.ToClient);
        Assert.Equal(isForwarded, harness.ToBackend.Contains(Smuggled, StringComparison.Ordinal));
        Assert.True(isForwarded || harness.ToBackend.Length == 0);
    }

    [Fact]
    public void Without_EHLO_nothing_is_offered()
    {
        var harness = SmtpSession.Greeted();
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        harness.Backend("235 Ok\r\n");
        harness.Forget();
        harness.Client($"BDAT {Smuggled.Length}\r\n{Smuggled}");
        Assert.Equal(Refusal, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Fact]
    public void A_chunk_that_was_not_offered_waits_with_its_refusal_behind_the_replies_that_are_due()
    {
        var harness = SmtpSession.LoggedIn(ehloReply: WithoutChunking);
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nBDAT 4 LAST\r\nabcdRSET\r\n");
        Assert.Equal("", harness.ToClient);
        harness.Backend("250 one\r\n250 two\r\n");
        Assert.Equal("250 one\r\n250 two\r\n" + Refusal, harness.ToClient);
        Assert.Equal("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRSET\r\n", harness.ToBackend);
    }

    [Fact]
    public void Without_PIPELINING_each_command_waits_for_the_reply_to_the_one_before()
    {
        var harness = SmtpSession.LoggedIn(ehloReply: "250-backend\r\n250 CHUNKING\r\n");
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nBDAT 2 LAST\r\nxyRSET\r\nRSET\r\nQUIT\r\n");
        var chunk = SmtpSession.Header(1, null) + "xy";
        foreach (var sent in new[] { "MAIL FROM:<a@x>\r\n", "RCPT TO:<b@x>\r\n", "RCPT TO:<c@x>\r\n", chunk, "RSET\r\n", "RSET\r\n" })
        {
            Assert.EndsWith(sent, harness.TakeToBackend());
            harness.Backend("250 Ok\r\n");
        }

        Assert.Equal("QUIT\r\n", harness.ToBackend);
        harness.Backend("221 Bye\r\n");
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Fact]
    public void Without_PIPELINING_nothing_follows_a_message_before_its_verdict()
    {
        var harness = SmtpSession.LoggedIn(ehloReply: "250 backend\r\n");
        foreach (var (command, code) in new[] { ("MAIL FROM:<a@x>", 250), ("RCPT TO:<b@x>", 250), ("DATA", 354) })
        {
            harness.Client(command + "\r\n");
            harness.Backend($"{code} Ok\r\n");
        }

        harness.Client("x\r\n.\r\nRSET\r\n");
        Assert.EndsWith("x\r\n.\r\n", harness.ToBackend);
        harness.Backend("250 queued\r\n");
        Assert.EndsWith("x\r\n.\r\nRSET\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@x> PRDR")]
    [InlineData("MAIL FROM:<a@x>  prdr SIZE=5")]
    [InlineData("MAIL FROM:<a@x>\tPRDR")]
    [InlineData("MAIL FROM:<a@x> SIZE=5\vPrdr")]
    [InlineData("MAIL FROM:a@x PRDR")]
    [InlineData("MAIL FROM:<a@x> PRDR=")]
    [InlineData("MAIL FROM:<a@x> prdr=1 SIZE=5")]
    [InlineData("MAIL FROM:<\"> PRDR \"@x>")]
    public void A_verdict_for_each_recipient_cannot_be_asked_for(string command)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n");
        Assert.Equal("555 5.5.4 MAIL parameter is not offered\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
    }

    [Theory]
    [InlineData("MAIL FROM:<prdr@x>")]
    [InlineData("MAIL FROM:<a@x> PRDRX=1")]
    public void What_only_looks_like_it_passes(string command)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client(command + "\r\n");
        Assert.Equal(command + "\r\n", harness.ToBackend);
    }
}
