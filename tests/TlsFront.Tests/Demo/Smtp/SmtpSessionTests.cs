using System.Text;

namespace TlsFront.Tests.Demo.Smtp;

public sealed class SmtpSessionTests
{
    private const string Login = "AUTH PLAIN AGRlbW8AZGVtbw==";

    [Fact]
    public async Task Hello_announces_what_is_there_and_never_STARTTLS()
    {
        await using var demo = new DemoStoreFixture();
        using var client = new Conversation(demo.Servers.Smtp);
        Assert.StartsWith("220 ", await client.ReadLineAsync(), StringComparison.Ordinal);
        await client.SendAsync("EHLO client.test\r\n");
        Assert.Equal(
            [
                "250-store.demo.test", "250-PIPELINING", "250-SIZE 10000000", "250-AUTH PLAIN LOGIN", "250-ENHANCEDSTATUSCODES", "250-8BITMIME",
                "250-SMTPUTF8", "250 CHUNKING"
            ],
            await client.ReadUntilAsync("250 "));
        Assert.StartsWith("502", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@demo.test>", "530 5.7.0")]
    [InlineData("RCPT TO:<a@demo.test>", "503 5.5.1")]
    [InlineData("DATA", "503 5.5.1")]
    [InlineData("AUTH PLAIN !", "501 5.5.2")]
    [InlineData("AUTH PLAIN AGRlbW8Ad3Jvbmc=", "535 5.7.8")]
    [InlineData("AUTH GSSAPI", "504 5.5.4")]
    [InlineData("EHLO", "501 5.5.4")]
    [InlineData("EHLO a b", "501 5.5.4")]
    [InlineData("", "502 5.5.1")]
    public async Task What_is_not_allowed_before_login_is_refused(string command, string reply)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await GreetedAsync(demo);
        Assert.StartsWith(reply, await client.AskAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_works_in_three_steps_and_can_be_cancelled()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await GreetedAsync(demo);
        Assert.Equal("334 VXNlcm5hbWU6", await client.AskAsync("AUTH LOGIN"));
        Assert.StartsWith("501", await client.AskAsync("*"), StringComparison.Ordinal);
        Assert.Equal("334 VXNlcm5hbWU6", await client.AskAsync("AUTH LOGIN"));
        Assert.Equal("334 UGFzc3dvcmQ6", await client.AskAsync("ZGVtbw=="));
        Assert.StartsWith("235", await client.AskAsync("ZGVtbw=="), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.AskAsync(Login), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipelined_transaction_is_answered_in_order_and_stored_with_its_trace()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await client.SendAsync("MAIL FROM:<a@demo.test> SIZE=10 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<b@demo.test>\r\nRCPT TO:<>\r\nDATA\r\n");
        Assert.StartsWith("250 2.1.0", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("501 5.1.3", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.AskAsync("Subject: x\r\n\r\n..y\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());

        Assert.Equal(
            "Return-Path: <a@demo.test>\r\nReceived: from client.test (localhost [127.0.0.1])\r\n\tby store.demo.test (TlsFront demo store) "
            + "with ESMTPA;\r\n\tFri, 2 Jan 2026 03:04:05 +0000\r\nSubject: x\r\n\r\n.y\r\n",
            Encoding.Latin1.GetString(demo.Store.Inbox.Messages.Single().Content.Span));
    }

    [Fact]
    public async Task Chunks_make_a_message_and_bare_line_feeds_become_CRLF()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await StartTransactionAsync(client);
        await client.SendAsync("BDAT 5\r\na: b\nBDAT 0\r\nBDAT 4 LAST\r\n\r\n.\n");
        Assert.StartsWith("250", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.EndsWith("a: b\r\n\r\n.\r\n", Encoding.Latin1.GetString(demo.Store.Inbox.Messages.Single().Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_out_of_order_is_read_and_refused()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await client.SendAsync("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n");
        Assert.StartsWith("503", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BDAT")]
    [InlineData("BDAT x")]
    [InlineData("BDAT -1 LAST")]
    [InlineData("BDAT 1 LASTLY")]
    [InlineData("BDAT 99999999999999999999 LAST")]
    public async Task A_chunk_of_unknown_size_ends_the_session(string command)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("501", await client.AskAsync(command), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task Messages_beyond_the_limits_are_refused_by_SIZE_by_DATA_and_by_BDAT()
    {
        await using var demo = new DemoStoreFixture(new() { MessageBytes = 1000, TotalBytes = 1200 });
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("552 5.3.4", await client.AskAsync("MAIL FROM:<a@demo.test> SIZE=1001"), StringComparison.Ordinal);
        await StartTransactionAsync(client);
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("552 5.3.4", await client.AskAsync(new string('x', 2000) + "\r\n."), StringComparison.Ordinal);
        await StartTransactionAsync(client);
        await client.SendAsync("BDAT 1001 LAST\r\n" + new string('x', 1001));
        Assert.StartsWith("552 5.3.4", await client.ReadLineAsync(), StringComparison.Ordinal);
        await StartTransactionAsync(client);
        await client.SendAsync("BDAT 700 LAST\r\n" + new string('x', 700));
        Assert.StartsWith("250", await client.ReadLineAsync(), StringComparison.Ordinal);
        await StartTransactionAsync(client);
        await client.SendAsync("BDAT 700 LAST\r\n" + new string('x', 700));
        Assert.StartsWith("452 4.3.1", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Single(demo.Store.Inbox.Messages);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_and_the_session_goes_on()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await GreetedAsync(demo);
        Assert.StartsWith("500", await client.AskAsync(new string('x', 100_000)), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_only_errs_is_shown_the_door()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await GreetedAsync(demo);
        await client.SendAsync(string.Concat(Enumerable.Repeat("WHAT\r\n", 20)));
        await client.ReadUntilAsync("421 4.7.0");
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task A_silent_client_is_gone_at_its_deadline()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await GreetedAsync(demo);
        demo.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_within_its_message_leaves_nothing()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await StartTransactionAsync(client);
        await client.AskAsync("DATA");
        await client.SendAsync("Subject: half\r\n.\r");
        await client.LeaveAsync();
        Assert.Empty(demo.Store.Inbox.Messages);
    }

    private static async Task StartTransactionAsync(Conversation client)
    {
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<a@demo.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("RCPT TO:<b@demo.test>"), StringComparison.Ordinal);
    }

    private static async Task<Conversation> GreetedAsync(DemoStoreFixture demo)
    {
        var client = new Conversation(demo.Servers.Smtp);
        await client.ReadUntilAsync("220 ");
        await client.SendAsync("EHLO client.test\r\n");
        await client.ReadUntilAsync("250 ");
        return client;
    }

    private static async Task<Conversation> LoggedInAsync(DemoStoreFixture demo)
    {
        var client = await GreetedAsync(demo);
        Assert.StartsWith("235", await client.AskAsync(Login), StringComparison.Ordinal);
        return client;
    }
}
