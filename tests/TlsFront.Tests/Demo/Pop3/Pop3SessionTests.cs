using TlsFront.Demo;

namespace TlsFront.Tests.Demo.Pop3;

public sealed class Pop3SessionTests
{
    [Fact]
    public async Task Capabilities_are_told_without_STLS()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await ConnectedAsync(demo);
        await client.SendAsync("CAPA\r\n");
        var capabilities = await client.ReadUntilAsync(".");
        Assert.Contains("SASL PLAIN", capabilities);
        Assert.Contains("UIDL", capabilities);
        Assert.DoesNotContain("STLS", capabilities);
        Assert.StartsWith("-ERR", await client.AskAsync("STLS"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STAT")]
    [InlineData("PASS demo")]
    [InlineData("USER")]
    [InlineData("AUTH GSSAPI")]
    [InlineData("AUTH PLAIN AGRlbW8Ad3Jvbmc=")]
    [InlineData("AUTH PLAIN *")]
    [InlineData("")]
    public async Task What_is_not_allowed_before_login_is_refused(string command)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await ConnectedAsync(demo);
        Assert.StartsWith("-ERR", await client.AskAsync(command), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("USER demo", "PASS demo")]
    [InlineData("AUTH PLAIN", "AGRlbW8AZGVtbw==")]
    [InlineData("NOOP", "AUTH PLAIN AGRlbW8AZGVtbw==")]
    public async Task Every_way_to_log_in_works(string first, string second)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await ConnectedAsync(demo);
        await client.AskAsync(first);
        Assert.StartsWith("+OK", await client.AskAsync(second), StringComparison.Ordinal);
        Assert.Equal("+OK 0 0", await client.AskAsync("STAT"));
    }

    [Fact]
    public async Task Listing_retrieving_and_deleting_follow_the_numbers_of_the_login()
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, "a: b\r\n\r\n.one\r\ntwo"u8.ToArray(), MessageFlags.None, null, out _);
        demo.Store.Add(demo.Store.Inbox, "c: d\r\n\r\n"u8.ToArray(), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        demo.Store.Add(demo.Store.Inbox, "late: 1\r\n\r\n"u8.ToArray(), MessageFlags.None, null, out _);

        Assert.Equal("+OK 2 25", await client.AskAsync("STAT"));
        await client.SendAsync("LIST\r\n");
        Assert.Equal(["1 17", "2 8", "."], (await client.ReadUntilAsync(".")).Skip(1));
        Assert.Equal($"+OK 2 {demo.Store.Inbox.UidValidity}.2", await client.AskAsync("UIDL 2"));
        await client.SendAsync("RETR 1\r\n");
        Assert.Equal(["+OK 17 octets", "a: b", "", "..one", "two", "."], await client.ReadLinesAsync(6));
        await client.SendAsync("TOP 1 1\r\n");
        Assert.Equal(["+OK 17 octets", "a: b", "", "..one", "."], await client.ReadLinesAsync(5));

        Assert.StartsWith("+OK", await client.AskAsync("DELE 1"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR", await client.AskAsync("RETR 1"), StringComparison.Ordinal);
        Assert.Equal("+OK 1 8", await client.AskAsync("STAT"));
        Assert.StartsWith("+OK", await client.AskAsync("RSET"), StringComparison.Ordinal);
        Assert.Equal("+OK 2 25", await client.AskAsync("STAT"));
        await client.AskAsync("DELE 2");
        Assert.StartsWith("+OK", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
        Assert.Equal([1u, 3u], demo.Store.Inbox.Messages.Select(message => message.Uid));
    }

    [Theory]
    [InlineData("RETR")]
    [InlineData("RETR 0")]
    [InlineData("RETR 2")]
    [InlineData("RETR -1")]
    [InlineData("RETR 99999999999")]
    [InlineData("TOP 1")]
    [InlineData("TOP 1 -1")]
    [InlineData("DELE x")]
    [InlineData("UIDL 2")]
    public async Task What_names_no_message_is_refused(string command)
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, "a: b\r\n\r\n"u8.ToArray(), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("-ERR", await client.AskAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_without_QUIT_deletes_nothing()
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, "a: b\r\n\r\n"u8.ToArray(), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        await client.AskAsync("DELE 1");
        await client.LeaveAsync();
        Assert.Single(demo.Store.Inbox.Messages);
    }

    private static async Task<Conversation> ConnectedAsync(DemoStoreFixture demo)
    {
        var client = new Conversation(demo.Servers.Pop3);
        Assert.StartsWith("+OK", await client.ReadLineAsync(), StringComparison.Ordinal);
        return client;
    }

    private static async Task<Conversation> LoggedInAsync(DemoStoreFixture demo)
    {
        var client = await ConnectedAsync(demo);
        await client.AskAsync("USER demo");
        Assert.StartsWith("+OK", await client.AskAsync("PASS demo"), StringComparison.Ordinal);
        return client;
    }
}
