using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpDataTests
{
    [Fact]
    public void Every_message_gets_one_Received_field_on_top_and_is_otherwise_unchanged()
    {
        var harness = SmtpSession.InData();
        harness.Client("Subject: hi\r\n\r\n..stuffed\r\n...\r\nbye\r\n.\r\n");
        Assert.Equal(SmtpSession.Header() + "Subject: hi\r\n\r\n..stuffed\r\n...\r\nbye\r\n.\r\n", harness.ToBackend);
        harness.Backend("250 queued\r\n");
        Assert.Equal("250 queued\r\n", harness.ToClient);
        Assert.Equal(["message accepted"], harness.Reports);
    }

    [Fact]
    public void The_field_is_written_as_RFC_8314_wants_it()
    {
        var harness = SmtpSession.InData();
        harness.Client("x");
        Assert.Equal(
            "Received: from laptop.example.net ([203.0.113.5])\r\n"
            + "\tby mail.example.com with ESMTPSA id 01J9ZQ7K3M.1\r\n"
            + "\tfor <bob@example.org>\r\n"
            + "\ttls TLS_AES_256_GCM_SHA384 (TLS1.3);\r\n"
            + "\tMon, 23 Nov 2026 16:17:00 +0100\r\nx",
            harness.ToBackend);
    }

    [Theory]
    [InlineData("DATA\r\n", "354 Go ahead\r\n", "x")]
    [InlineData("", "", "BDAT 1\r\nx")]
    public void The_field_names_the_group_where_the_operator_wants_it(string command, string reply, string content)
    {
        var harness = SmtpSession.LoggedIn(new SessionRules(NamesGroup: true));
        harness.Client($"MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\n{command}");
        harness.Backend($"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n{reply}");
        harness.Forget();
        harness.Client(content);
        Assert.Contains("\r\n\ttls TLS_AES_256_GCM_SHA384 group x25519 (TLS1.3);\r\n\tMon, ", harness.ToBackend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATA\r\n", "354 Go ahead\r\n", "x")]
    [InlineData("", "", "BDAT 1\r\nx")]
    public void The_field_says_nothing_of_the_client_where_the_operator_wants_that(string command, string reply, string content)
    {
        var harness = SmtpSession.LoggedIn(new SessionRules(HidesClient: true));
        harness.Client($"MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\n{command}");
        harness.Backend($"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n{reply}");
        harness.Forget();
        harness.Client(content);
        Assert.Contains(
            "Received: from hidden.invalid\r\n\tby mail.example.com with ESMTPSA id 01J9ZQ7K3M.1\r\n\tfor <bob@example.org>\r\n"
            + "\ttls TLS_AES_256_GCM_SHA384 (TLS1.3);\r\n",
            harness.ToBackend, StringComparison.Ordinal);
        Assert.DoesNotContain("laptop", harness.ToBackend, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.5", harness.ToBackend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("452 4.3.1 no room")]
    [InlineData("554 5.6.0 not like that")]
    public void A_message_that_is_handed_in_again_has_one_field_again(string verdict)
    {
        var harness = SmtpSession.InData();
        harness.Client("Subject: hi\r\n\r\nbye\r\n.\r\n");
        harness.Backend($"{verdict}\r\n");
        harness.Client("MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go ahead\r\n");
        harness.Forget();
        harness.Client("Subject: hi\r\n\r\nbye\r\n.\r\n");
        Assert.Equal(SmtpSession.Header(2) + "Subject: hi\r\n\r\nbye\r\n.\r\n", harness.ToBackend);
    }

    [Fact]
    public void Nothing_is_written_before_the_first_octets_are_known()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<no@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n550 no\r\n354 Go\r\n");
        harness.Forget();
        harness.Client(".");
        harness.Client("\r");
        Assert.Equal("", harness.ToBackend);
        harness.Client("\n");
        Assert.Equal(".\r\n", harness.ToBackend);
        harness.Backend("554 no valid recipients\r\n");
        harness.Client("NOOP\r\n");
        Assert.Equal(".\r\nNOOP\r\n", harness.ToBackend);
    }

    [Theory]
    [InlineData(".\r\n", ".\r\n")]
    [InlineData("\r\n.\r\n", "\r\n.\r\n")]
    [InlineData("..\r\n.\r\n", "..\r\n.\r\n")]
    [InlineData(".\n\r\n.\r\n", "..\r\n\r\n.\r\n")]
    [InlineData(".\rx\r\n.\r\n", ". x\r\n.\r\n")]
    [InlineData(".x\r\n.\r\n", ".x\r\n.\r\n")]
    public void A_message_with_recipients_has_the_field_even_if_it_is_empty(string content, string forwarded)
    {
        var harness = SmtpSession.InData();
        harness.Client(content);
        Assert.Equal(SmtpSession.Header() + forwarded, harness.ToBackend);
    }

    [Fact]
    public void Messages_of_a_connection_are_numbered_and_traced_each_for_itself()
    {
        var harness = SmtpSession.InData();
        harness.Client("one\r\n.\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Forget();
        harness.Client("MAIL FROM:<a@x> SMTPUTF8\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n");
        harness.Forget();
        harness.Client("two\r\n.\r\n");
        Assert.Equal(SmtpSession.Header(2, null, "UTF8SMTPSA") + "two\r\n.\r\n", harness.ToBackend);
        harness.Backend("250 Ok\r\n");
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<no@example.org>\r\n");
        harness.Backend("250 Ok\r\n550 no\r\n");
        harness.Client("RCPT TO:<yes@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n354 Go\r\n");
        harness.Forget();
        harness.Client("three\r\n.\r\n");
        Assert.Equal(SmtpSession.Header(3, "yes@example.org") + "three\r\n.\r\n", harness.ToBackend);
    }

    [Fact]
    public void The_next_transaction_may_be_pipelined_behind_the_final_dot()
    {
        var harness = SmtpSession.InData();
        harness.Client("one\r\n.\r\nMAIL FROM:<a@x>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
        Assert.EndsWith("one\r\n.\r\n", harness.ToBackend);
        harness.Backend("250 queued\r\n");
        Assert.EndsWith(".\r\nMAIL FROM:<a@x>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n", harness.ToBackend);
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
        harness.Forget();
        harness.Client("two\r\n.\r\n");
        Assert.Equal(SmtpSession.Header(2) + "two\r\n.\r\n", harness.ToBackend);
    }

    [Fact]
    public void A_refused_DATA_opens_no_data_mode()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("DATA\r\n");
        harness.Backend("503 MAIL first\r\n");
        harness.Client("RSET\r\n");
        Assert.Equal("DATA\r\nRSET\r\n", harness.ToBackend);
    }

    [Fact]
    public void Content_sent_before_a_refused_DATA_was_answered_does_not_run_as_commands()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("DATA\r\nRSET\r\n");
        harness.Backend("503 MAIL first\r\n");
        Assert.Equal("DATA\r\n", harness.ToBackend);
        Assert.Equal("503 MAIL first\r\n554 5.5.0 Data sent before the reply to DATA\r\n", harness.ToClient);
        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    [Theory]
    [InlineData("452 full\r\n")]
    [InlineData("552 5.3.4 too big\r\n")]
    public void A_refused_message_is_reported(string reply)
    {
        var harness = SmtpSession.InData();
        harness.Client("x\r\n.\r\n");
        harness.Backend(reply);
        Assert.Equal(reply, harness.ToClient);
        Assert.Equal(["message refused"], harness.Reports);
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a line")]
    [InlineData("line\r\n")]
    [InlineData("line\r\n.")]
    [InlineData("line\r\n.\r")]
    public void A_client_that_vanishes_never_completes_a_message(string content)
    {
        var harness = SmtpSession.InData();
        harness.Client(content);
        harness.ClientEnds();
        Assert.DoesNotContain("\r\n.\r\n", harness.ToBackend);
        Assert.Equal(CloseReason.ClientClosed, harness.Closed);
    }

    [Fact]
    public void A_client_that_leaves_behind_its_message_leaves_it_with_the_backend()
    {
        var harness = SmtpSession.InData();
        harness.Client("x\r\n.\r\nQUIT\r\n");
        harness.ClientEnds();
        Assert.Null(harness.Closed);
        harness.Backend("250 queued\r\n");
        Assert.Equal(["message accepted"], harness.Reports);
        harness.Backend("221 Bye\r\n");
        Assert.EndsWith("250 queued\r\n221 Bye\r\n", harness.ToClient);
        Assert.Equal(CloseReason.Completed, harness.Closed);
    }

    [Fact]
    public void A_long_message_passes_in_whatever_pieces_it_comes()
    {
        var content = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i} {new string('x', i % 90)}\r\n{(i % 7 == 0 ? "..\r\n" : "")}"));
        var harness = SmtpSession.InData();
        foreach (var piece in (content + ".\r\n").Chunk(4099))
        {
            harness.Client(new string(piece));
        }

        Assert.Equal(SmtpSession.Header() + content + ".\r\n", harness.ToBackend);
        Assert.Equal(Phase.FinalReply, harness.Phase);
    }

    [Fact]
    public void HELO_and_an_odd_name_leave_no_trace_of_themselves()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("HELO x) by evil; (\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<\"b\"@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Backend("250 Ok\r\n");
        harness.Backend("354 Go\r\n");
        harness.Forget();
        harness.Client("x");
        Assert.Equal(SmtpSession.Header(1, null, "SMTP", "unknown") + "x", harness.ToBackend);
    }

    [Fact]
    public void A_refused_EHLO_keeps_the_name_of_the_accepted_one()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("EHLO other.example.net\r\n");
        harness.Backend("501 no\r\n");
        harness.Client("MAIL FROM:<a@x>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
        harness.Backend("250 Ok\r\n250 Ok\r\n354 Go\r\n");
        harness.Forget();
        harness.Client("x");
        Assert.Equal(SmtpSession.Header() + "x", harness.ToBackend);
    }

    [Theory]
    [InlineData("DATA\r\n", "354 Go\r\n")]
    [InlineData("BDAT 999999999\r\n", "")]
    public void Content_passes_without_allocation(string command, string reply)
    {
        var machine = new SmtpMachine(
            new SessionRules(Authentication.Optional), new MachineHarness(observer => new SmtpMachine(new SessionRules(), observer)));
        var buffer = new EmitBuffer();
        var facts = MachineHarness.DefaultFacts();
        var text = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("0123456789 0123456789 0123456789 0123456789\r\n..stuffed\r\nbare\n", 50)));
        Signalled(Signal.Start);
        Signalled(Signal.BackendReady);
        Offer(false, SmtpSession.Greeting);
        Offer(true, "EHLO laptop.example.net\r\n");
        Offer(false, "250-backend\r\n250-PIPELINING\r\n250 CHUNKING\r\n");
        Offer(true, "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n");
        Offer(false, "250 Ok\r\n250 Ok\r\n");
        Offer(true, command);
        Offer(false, reply);
        Transfer();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Transfer();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Transfer()
        {
            for (var rest = text.AsSpan(); !rest.IsEmpty;)
            {
                buffer.Clear();
                var emitter = new Emitter(rest, buffer, facts, default);
                rest = rest[machine.FromClient(rest, ref emitter).Consumed..];
            }
        }

        void Signalled(Signal signal)
        {
            var emitter = new Emitter(default, buffer, facts, default);
            machine.On(signal, ref emitter);
        }

        void Offer(bool client, string bytes)
        {
            buffer.Clear();
            var input = Encoding.ASCII.GetBytes(bytes);
            var emitter = new Emitter(input, buffer, facts, DateTimeOffset.UnixEpoch);
            Assert.Equal(input.Length, (client ? machine.FromClient(input, ref emitter) : machine.FromBackend(input, ref emitter)).Consumed);
        }
    }
}
