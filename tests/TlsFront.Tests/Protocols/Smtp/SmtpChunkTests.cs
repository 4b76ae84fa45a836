using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

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
    [InlineData(2147482624)]
    [InlineData(2147483647)]
    [InlineData(2147483648)]
    [InlineData(4294967346)]
    [InlineData(9999999999999999)]
    [InlineData(long.MaxValue)]
    public void What_a_backend_that_counts_in_32_bits_would_end_elsewhere_ends_the_session(long length)
    {
        foreach (var last in new[] { "", " LAST" })
        {
            foreach (var harness in new[] { SmtpSession.InTransaction(), SmtpSession.LoggedIn(), SmtpSession.Greeted() })
            {
                harness.Client($"BDAT {length}{last}\r\n{new string('x', 50)}ETRN example.com\r\n");
                Assert.Equal("501 5.5.4 BDAT chunk is too large\r\n", harness.ToClient);
                Assert.Equal("", harness.ToBackend);
                Assert.Equal(CloseReason.ProtocolError, harness.Closed);
            }
        }
    }

    [Fact]
    public void The_longest_chunk_stays_below_2_GB_with_the_header()
    {
        var harness = SmtpSession.InTransaction(ehloReply: "250-backend\r\n250 CHUNKING\r\n");
        harness.Client($"BDAT {ChunkCommand.MaxLength}\r\n");
        Assert.Equal($"BDAT {2147482623 + Header.Length}\r\n{Header}", harness.ToBackend);
        Assert.Null(harness.Closed);
    }

    [Theory]
    [InlineData("bdat 005 last", "BDAT 5 LAST\r\n")]
    [InlineData("BDAT  5   LAST ", "BDAT 5 LAST\r\n")]
    public void Both_sides_count_the_same(string command, string forwarded)
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 1\r\nx");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client(command + "\r\n12345");
        Assert.Equal(forwarded + "12345", harness.ToBackend);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" LAST")]
    public void A_chunk_without_a_transaction_is_swallowed(string last)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client($"BDAT 6{last}\r\nRSET\r\nNOOP\r\n");
        Assert.Equal("503 5.5.1 Send MAIL first\r\n", harness.ToClient);
        Assert.Equal("NOOP\r\n", harness.ToBackend);
        Assert.Empty(harness.Reports);
    }

    [Theory]
    [InlineData("", "503 5.5.1 Send RSET first\r\n")]
    [InlineData(" LAST", "503 5.5.1 Send MAIL first\r\n")]
    public void After_a_refused_chunk_none_goes_to_the_backend_without_the_header(string last, string refusal)
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("MAIL FROM:<a@x>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Client($"BDAT 5{last}\r\nhello");
        harness.Backend("503 5.5.1 RCPT first\r\n");
        harness.Client("RCPT TO:<bob@example.org>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 7 LAST\r\nmessageBDAT 4\r\nmoreNOOP\r\n");
        Assert.Equal(refusal + refusal, harness.ToClient);
        Assert.Equal("NOOP\r\n", harness.ToBackend);
        harness.Backend("250 Ok\r\n");

        harness.Client("RSET\r\nMAIL FROM:<a@x>\r\nRCPT TO:<bob@example.org>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 7 LAST\r\nmessage");
        Assert.EndsWith(SmtpSession.Header(2) + "message", harness.ToBackend);
    }

    [Fact]
    public void A_refused_first_chunk_spoils_the_transaction_and_is_counted_once()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 4\r\nab");
        harness.Backend("552 too big\r\n");
        harness.Client("cdBDAT 4 LAST\r\nQUITDATA\r\n");
        Assert.Equal($"BDAT {Header.Length + 4}\r\n{Header}abcd", harness.ToBackend);
        Assert.Equal("552 too big\r\n503 5.5.1 Send RSET first\r\n503 5.5.1 Send RSET first\r\n", harness.ToClient);
        Assert.Equal(["message refused"], harness.Reports);
    }

    [Theory]
    [InlineData("EHLO x\r\n", SmtpSession.EhloReply)]
    [InlineData("RSET\r\n", "250 Ok\r\n")]
    [InlineData("", "")]
    public void What_begins_anew_makes_chunks_possible_again(string command, string reply)
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 4\r\nabcd");
        harness.Backend("552 too big\r\n");
        harness.Client(command);
        harness.Backend(reply);
        harness.Client("MAIL FROM:<a@x>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 1 LAST\r\nx");
        Assert.Contains(" id 01J9ZQ7K3M.2\r\n", harness.ToBackend, StringComparison.Ordinal);
        Assert.EndsWith("\r\nx", harness.ToBackend);
    }

    [Fact]
    public void DATA_does_not_follow_chunks_of_the_same_message()
    {
        var harness = SmtpSession.InTransaction();
        harness.Client("BDAT 4\r\nabcdDATA\r\n");
        harness.Backend("250 Ok\r\n");
        Assert.Equal("250 Ok\r\n503 5.5.1 Send RSET first\r\n", harness.ToClient);
        Assert.EndsWith("abcd", harness.ToBackend);
        harness.Client("BDAT 1 LAST\r\ne");
        Assert.EndsWith("abcdBDAT 1 LAST\r\ne", harness.ToBackend);
    }

    [Theory]
    [InlineData("SIZE 2024", 1000, true)]
    [InlineData("SIZE 2024", 1001, false)]
    [InlineData("SIZE 10240000", 20000000, false)]
    [InlineData("SIZE 100", 2, false)]
    [InlineData("SIZE 0", 20000000, true)]
    [InlineData("SIZE", 20000000, true)]
    [InlineData("size 99999999999999999999", 20000000, true)]
    public void A_chunk_above_the_size_the_client_was_told_is_swallowed(string size, int length, bool isForwarded)
    {
        var harness = SmtpSession.InTransaction(ehloReply: $"250-backend\r\n250-{size}\r\n250 CHUNKING\r\n");
        var content = new string('x', length);
        harness.Client($"BDAT {length} LAST\r\n{content}NOOP\r\n");
        if (isForwarded)
        {
            Assert.EndsWith(content, harness.ToBackend);
            return;
        }

        Assert.Equal("552 5.3.4 Message is too large\r\n", harness.ToClient);
        Assert.Equal("NOOP\r\n", harness.ToBackend);
        Assert.Equal(["message refused"], harness.Reports);
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 1 LAST\r\nxDATA\r\n");
        Assert.Equal("503 5.5.1 Send RSET first\r\n503 5.5.1 Send RSET first\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        Assert.Empty(harness.Reports);
    }

    [Fact]
    public void The_size_is_that_of_all_chunks_together()
    {
        var harness = SmtpSession.InTransaction(ehloReply: "250-backend\r\n250-SIZE 1034\r\n250 CHUNKING\r\n");
        harness.Client("BDAT 6\r\nabcdef");
        harness.Backend("250 Ok\r\n");
        harness.Client("BDAT 4\r\nghij");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 1 LAST\r\nk");
        Assert.Equal("552 5.3.4 Message is too large\r\n", harness.ToClient);
        Assert.Equal("", harness.ToBackend);
        harness.Client("RSET\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Client("MAIL FROM:<a@x>\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Client("BDAT 10 LAST\r\nabcdefghij");
        Assert.EndsWith("abcdefghij", harness.ToBackend);
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
