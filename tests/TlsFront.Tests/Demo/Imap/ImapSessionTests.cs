using System.Text;
using TlsFront.Demo;

namespace TlsFront.Tests.Demo.Imap;

public sealed class ImapSessionTests
{
    private const string Message = "Subject: x\r\nFrom: \"A, B\" <a@demo.test>\r\nTo: g: b@demo.test;\r\n\r\none\r\ntwo\r\n";

    [Fact]
    public async Task The_greeting_offers_plain_logins_and_no_STARTTLS()
    {
        await using var demo = new DemoStoreFixture();
        using var client = new Conversation(demo.Servers.Imap);
        var greeting = await client.ReadLineAsync();
        Assert.StartsWith("* OK [CAPABILITY IMAP4rev1 ", greeting, StringComparison.Ordinal);
        Assert.Contains(" AUTH=PLAIN ", greeting, StringComparison.Ordinal);
        Assert.DoesNotContain("LOGINDISABLED", greeting, StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", greeting, StringComparison.Ordinal);
        Assert.StartsWith("a BAD", (await client.CommandAsync("STARTTLS"))[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LOGIN demo demo", "a OK [CAPABILITY ")]
    [InlineData("LOGIN \"demo\" {4+}\r\ndemo", "a OK [CAPABILITY ")]
    [InlineData("AUTHENTICATE PLAIN AGRlbW8AZGVtbw==", "a OK [CAPABILITY ")]
    [InlineData("AUTHENTICATE PLAIN\r\nAGRlbW8AZGVtbw==", "a OK [CAPABILITY ")]
    [InlineData("LOGIN demo guess", "a NO [AUTHENTICATIONFAILED]")]
    [InlineData("LOGIN demo", "a BAD")]
    [InlineData("LOGIN demo demo demo", "a BAD")]
    [InlineData("AUTHENTICATE PLAIN\r\n*", "a BAD")]
    [InlineData("AUTHENTICATE GSSAPI", "a NO")]
    [InlineData("SELECT INBOX", "a BAD")]
    [InlineData("APPEND INBOX {3+}\r\nabc", "a BAD")]
    [InlineData("", "a BAD")]
    public async Task Only_the_demo_user_gets_in(string command, string answer)
    {
        await using var demo = new DemoStoreFixture();
        using var client = new Conversation(demo.Servers.Imap);
        Assert.StartsWith(answer, (await client.CommandAsync(command))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_synchronizing_literal_is_asked_for()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("+ ", await client.AskAsync("a APPEND Sent (\\Seen) \"02-Jan-2026 00:00:00 +0000\" {7}"), StringComparison.Ordinal);
        Assert.StartsWith("a OK [APPENDUID ", await client.AskAsync("a: b\r\n\r"), StringComparison.Ordinal);
        Assert.Equal("a: b\r\n\r", Encoding.Latin1.GetString(demo.Store.Find("Sent")!.Messages.Single().Content.Span));
    }

    [Theory]
    [InlineData("a LOGIN demo {8193}", "a NO [TOOBIG]")]
    [InlineData("a LOGIN demo {8193+}", "* BYE")]
    [InlineData("a APPEND INBOX {10000000+}", "* BYE")]
    public async Task A_stranger_cannot_make_the_store_hold_much(string command, string answer)
    {
        await using var demo = new DemoStoreFixture();
        using var client = new Conversation(demo.Servers.Imap);
        await client.ReadLineAsync();
        Assert.StartsWith(answer, await client.AskAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_beyond_the_limits_is_refused_before_it_is_sent()
    {
        await using var demo = new DemoStoreFixture(new() { MessageBytes = 20, Messages = 1 });
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("a NO [TOOBIG]", await client.AskAsync("a APPEND INBOX {21}"), StringComparison.Ordinal);
        Assert.StartsWith("a OK", (await client.CommandAsync("APPEND INBOX {4+}\r\nabc\n"))[^1], StringComparison.Ordinal);
        Assert.StartsWith("a NO [OVERQUOTA]", (await client.CommandAsync("APPEND INBOX {4+}\r\nabc\n"))[^1], StringComparison.Ordinal);
        Assert.StartsWith("a NO [OVERQUOTA]", (await SelectedAsync(client, "COPY 1 Trash"))[^1], StringComparison.Ordinal);
        Assert.Empty(demo.Store.Find("Trash")!.Messages);
    }

    [Theory]
    [InlineData("FETCH 1 (UID RFC822.SIZE INTERNALDATE)", "* 1 FETCH (UID 1 RFC822.SIZE 73 INTERNALDATE \"02-Jan-2026 03:04:05 +0000\")")]
    [InlineData(
        "FETCH 1 ENVELOPE",
        "* 1 FETCH (ENVELOPE (NIL \"x\" ((\"A, B\" NIL \"a\" \"demo.test\")) ((\"A, B\" NIL \"a\" \"demo.test\")) "
        + "((\"A, B\" NIL \"a\" \"demo.test\")) ((NIL NIL \"g\" NIL)(NIL NIL \"b\" \"demo.test\")(NIL NIL NIL NIL)) NIL NIL NIL NIL))")]
    [InlineData("FETCH 1 BODY", "* 1 FETCH (BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 10 2))")]
    [InlineData("FETCH 1 BODY.PEEK[HEADER.FIELDS (subject)]", "* 1 FETCH (BODY[HEADER.FIELDS (subject)] {14}|Subject: x||)")]
    [InlineData(
        "FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (subject TO)]", "* 1 FETCH (BODY[HEADER.FIELDS.NOT (subject TO)] {30}|From: \"A, B\" <a@demo.test>||)")]
    [InlineData("FETCH 1 BODY.PEEK[TEXT]", "* 1 FETCH (BODY[TEXT] {10}|one|two|)")]
    [InlineData("FETCH 1 BODY.PEEK[1]<2.4>", "* 1 FETCH (BODY[1]<2> {4}|e|t)")]
    [InlineData("FETCH 1 BODY.PEEK[TEXT]<99.4>", "* 1 FETCH (BODY[TEXT]<99> {0}|)")]
    [InlineData("FETCH 1 BODY.PEEK[2]", "* 1 FETCH (BODY[2] NIL)")]
    [InlineData("FETCH 1 BODY.PEEK[1.HEADER]", "* 1 FETCH (BODY[1.HEADER] NIL)")]
    [InlineData("FETCH 1 RFC822.TEXT", "* 1 FETCH (RFC822.TEXT {10}|one|two| FLAGS (\\Seen))")]
    [InlineData("UID FETCH 1:* FLAGS", "* 1 FETCH (FLAGS () UID 1)")]
    [InlineData("STORE 1 +FLAGS (\\Flagged)", "* 1 FETCH (FLAGS (\\Flagged))")]
    [InlineData("UID STORE 1 FLAGS \\Seen \\Draft", "* 1 FETCH (UID 1 FLAGS (\\Seen \\Draft))")]
    [InlineData("SEARCH ALL", "* SEARCH 1")]
    [InlineData("UID SEARCH UID 1 UNSEEN NOT DELETED", "* SEARCH 1")]
    [InlineData("SEARCH CHARSET UTF-8 OR (FROM \"a, b\" SUBJECT X) SEEN", "* SEARCH 1")]
    [InlineData("SEARCH SINCE 3-Jan-2026", "* SEARCH")]
    [InlineData("SEARCH ON \"2-Jan-2026\" LARGER 72 SMALLER 74 HEADER To b@ BODY TWO TEXT subject:", "* SEARCH 1")]
    [InlineData("COPY 2 Trash", "")]
    [InlineData("MOVE 1 Trash", "* OK [COPYUID 1767323045 1 1] Moved|* 1 EXPUNGE")]
    public async Task Messages_are_told_as_asked(string command, string answer)
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        var lines = await SelectedAsync(client, command);
        Assert.StartsWith("a OK ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(answer, string.Join('|', lines[..^1]));
    }

    [Theory]
    [InlineData("FETCH")]
    [InlineData("FETCH 1")]
    [InlineData("FETCH x FLAGS")]
    [InlineData("FETCH 1 FLAGS UID")]
    [InlineData("STORE 1 FLAGS")]
    [InlineData("STORE 1 ?FLAGS \\Seen")]
    [InlineData("SEARCH")]
    [InlineData("SEARCH WHAT")]
    [InlineData("SEARCH ()")]
    [InlineData("SEARCH (ALL")]
    [InlineData("SEARCH NOT")]
    [InlineData("SEARCH OR ALL")]
    [InlineData("SEARCH BEFORE yesterday")]
    [InlineData("SEARCH SUBJECT")]
    [InlineData("SEARCH NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT ALL")]
    [InlineData("COPY 1")]
    [InlineData("UID")]
    [InlineData("UID WHAT 1")]
    [InlineData("UID EXPUNGE")]
    [InlineData("STATUS INBOX")]
    [InlineData("STATUS INBOX (WHAT)")]
    [InlineData("LIST")]
    [InlineData("LIST \"\"")]
    [InlineData("APPEND INBOX")]
    [InlineData("APPEND INBOX (\\Seen {1+}\r\nx")]
    [InlineData("APPEND INBOX \"someday\" {1+}\r\nx")]
    public async Task Malformed_commands_are_refused_and_the_session_goes_on(string command)
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("a BAD", (await SelectedAsync(client, command))[^1], StringComparison.Ordinal);
        Assert.StartsWith("a OK", (await client.CommandAsync("NOOP"))[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STORE 1 FLAGS \\Deleted")]
    [InlineData("MOVE 1 Trash")]
    [InlineData("EXPUNGE")]
    public async Task An_examined_folder_stays_as_it_is(string command)
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.Deleted, null, out var message);
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith("a OK [READ-ONLY]", (await client.CommandAsync("EXAMINE inbox"))[^1], StringComparison.Ordinal);
        await client.CommandAsync("FETCH 1 BODY[]");
        Assert.StartsWith("a NO [READ-ONLY]", (await client.CommandAsync(command))[^1], StringComparison.Ordinal);
        await client.CommandAsync("CLOSE");
        Assert.Same(message, demo.Store.Inbox.Messages.Single());
        Assert.Equal(MessageFlags.Deleted, message!.Flags);
    }

    [Theory]
    [InlineData(
        "LIST \"\" *",
        "* LIST (\\HasNoChildren) \"/\" INBOX|* LIST (\\HasNoChildren \\Drafts) \"/\" Drafts|* LIST (\\HasNoChildren \\Sent) \"/\" Sent|"
        + "* LIST (\\HasNoChildren \\Trash) \"/\" Trash")]
    [InlineData("LIST (SPECIAL-USE) \"\" S%", "* LIST (\\HasNoChildren \\Sent) \"/\" Sent")]
    [InlineData("LSUB \"\" inbox", "* LSUB (\\HasNoChildren) \"/\" INBOX")]
    [InlineData("LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"")]
    [InlineData("STATUS Sent (MESSAGES UNSEEN UIDNEXT)", "* STATUS Sent (MESSAGES 0 UNSEEN 0 UIDNEXT 1)")]
    [InlineData("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL")]
    [InlineData("SUBSCRIBE Sent", "")]
    public async Task Folders_are_told_as_asked(string command, string answer)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        var lines = await client.CommandAsync(command);
        Assert.StartsWith("a OK ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(answer, string.Join('|', lines[..^1]));
    }

    [Theory]
    [InlineData("SELECT Nowhere", "a NO [NONEXISTENT]")]
    [InlineData("APPEND Nowhere {1+}\r\nx", "a NO [TRYCREATE]")]
    [InlineData("CREATE Nowhere", "a NO [CANNOT]")]
    [InlineData("FETCH 1 FLAGS", "a BAD")]
    public async Task What_is_not_there_is_refused(string command, string answer)
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        Assert.StartsWith(answer, (await client.CommandAsync(command))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_tells_of_arrivals_flags_and_removals_as_they_happen()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await SelectedAsync(client, "NOOP");
        Assert.Equal("+ Idling", await client.AskAsync("a IDLE"));
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.None, null, out var message);
        Assert.Equal("* 1 EXISTS", await client.ReadLineAsync());
        Assert.Equal("* 0 RECENT", await client.ReadLineAsync());
        demo.Store.SetFlags(demo.Store.Inbox, message!, _ => MessageFlags.Answered);
        Assert.Equal("* 1 FETCH (UID 1 FLAGS (\\Answered))", await client.ReadLineAsync());
        demo.Store.Remove(demo.Store.Inbox, new HashSet<StoredMessage> { message! });
        Assert.Equal("* 1 EXPUNGE", await client.ReadLineAsync());
        Assert.Equal("a OK Idled", await client.AskAsync("DONE"));
    }

    [Fact]
    public async Task Numbers_do_not_shift_under_a_FETCH()
    {
        await using var demo = new DemoStoreFixture();
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.None, null, out var first);
        demo.Store.Add(demo.Store.Inbox, Encoding.Latin1.GetBytes(Message), MessageFlags.None, null, out _);
        using var client = await LoggedInAsync(demo);
        await SelectedAsync(client, "NOOP");
        demo.Store.Remove(demo.Store.Inbox, new HashSet<StoredMessage> { first! });
        Assert.Equal("* 2 FETCH (UID 2)", (await client.CommandAsync("FETCH 2 UID"))[0]);
        Assert.Equal("* 1 EXPUNGE", (await client.CommandAsync("NOOP"))[0]);
        Assert.Equal("* 1 FETCH (UID 2)", (await client.CommandAsync("FETCH 1 UID"))[0]);
    }

    [Fact]
    public async Task An_idle_client_that_vanishes_or_is_silent_too_long_is_let_go()
    {
        await using var demo = new DemoStoreFixture();
        using var client = await LoggedInAsync(demo);
        await client.AskAsync("a IDLE");
        await client.LeaveAsync();
        using var silent = await LoggedInAsync(demo);
        await silent.AskAsync("a IDLE");
        demo.Time.Advance(TimeSpan.FromMinutes(32));
        Assert.Null(await silent.ReadLineAsync());
    }

    private static async Task<List<string>> SelectedAsync(Conversation client, string command)
    {
        Assert.StartsWith("a OK [READ-WRITE]", (await client.CommandAsync("SELECT INBOX"))[^1], StringComparison.Ordinal);
        return await client.CommandAsync(command);
    }

    private static async Task<Conversation> LoggedInAsync(DemoStoreFixture demo)
    {
        var client = new Conversation(demo.Servers.Imap);
        Assert.StartsWith("a OK", (await client.CommandAsync("LOGIN demo demo"))[^1], StringComparison.Ordinal);
        return client;
    }
}
