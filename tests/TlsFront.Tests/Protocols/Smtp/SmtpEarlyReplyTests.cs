using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>A backend that has had enough before the client is through.</summary>
public class SmtpEarlyReplyTests
{
    private const string Farewell = "421 4.3.0 mail.example.com Service closing connection, try again later\r\n";

    [Theory]
    [InlineData("552 5.3.4 too big\r\n", Farewell)]
    [InlineData("552-5.3.4 much\r\n552 5.3.4 too big\r\n", Farewell)]
    [InlineData("451 4.3.0 no room\r\n", Farewell)]
    [InlineData("421 4.4.2 I go\r\n", "")]
    public void A_verdict_before_the_final_dot_is_relayed_and_the_session_ends_with_the_message(string reply, string farewell)
    {
        var harness = SmtpSession.InData();
        harness.Client("first\r\n");
        harness.Forget();
        harness.Backend(reply);
        Assert.Equal(reply, harness.ToClient);
        Assert.Equal(["message refused"], harness.Reports);
        harness.Client("second\n.\n\r\n.");
        Assert.Null(harness.Closed);
        harness.Client("\r\nQUIT\r\n");
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(reply + farewell, harness.ToClient);
        Assert.Equal(["message refused"], harness.Reports);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Theory]
    [InlineData(".\r\n")]
    [InlineData("x\r\n.\r\n")]
    public void A_verdict_before_the_first_octet_is_relayed_too(string content)
    {
        var harness = SmtpSession.InData();
        harness.Backend("552 no\r\n");
        harness.Client(content);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal("552 no\r\n" + Farewell, harness.ToClient);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Theory]
    [InlineData(".\r\n")]
    [InlineData("x\r\n.\r\n")]
    public void The_message_before_leaves_nothing_that_hides_the_final_dot(string content)
    {
        var harness = SmtpSession.InData();
        harness.Client("x\n.y\r\n.\r\n");
        harness.Backend("250 queued\r\n");
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
        harness.Backend("452 full\r\n");
        harness.Client(content);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Fact]
    public void A_backend_that_closes_behind_its_verdict_takes_nothing_back()
    {
        var harness = SmtpSession.InData();
        harness.Client("first\r\n");
        harness.Backend("552 no\r\n");
        harness.BackendEnds();
        Assert.Equal("552 no\r\n", harness.ToClient);
        Assert.Null(harness.Closed);
        Assert.Equal(Phase.Data, harness.Phase);
        harness.Client("rest\r\n.\r\n");
        Assert.Equal("552 no\r\n" + Farewell, harness.ToClient);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_never_ends_its_message_ends_the_session(bool leaves)
    {
        var harness = SmtpSession.InData();
        harness.Backend("552 no\r\n");
        if (leaves)
        {
            harness.ClientEnds();
        }
        else
        {
            harness.Signal(Signal.Expired);
        }

        Assert.Equal("552 no\r\n", harness.ToClient);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }

    [Theory]
    [InlineData("250 queued\r\n")]
    [InlineData("354 more\r\n")]
    [InlineData("334 \r\n")]
    public void Only_a_refusal_may_come_early(string reply)
    {
        var harness = SmtpSession.InData();
        harness.Client("first\r\n");
        harness.Backend(reply);
        Assert.Equal(Farewell, harness.ToClient);
        Assert.Equal(CloseReason.BackendProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("552 too big\r\n", true, "552 too big\r\n" + Farewell)]
    [InlineData("421 I go\r\n", false, "421 I go\r\n")]
    [InlineData("421 I go\r\n", true, "421 I go\r\n")]
    public void A_backend_that_leaves_inside_a_chunk_is_outlived_by_its_octets(string reply, bool ends, string heard)
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 8 LAST\r\nabcd");
        harness.Forget();
        harness.Backend(reply);
        if (ends)
        {
            harness.BackendEnds();
        }

        Assert.Null(harness.Closed);
        harness.Client("efghQUIT\r\n");
        Assert.Equal(heard, harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Equal(["message refused"], harness.Reports);
        Assert.Equal(CloseReason.BackendClosed, harness.Closed);
    }
}
