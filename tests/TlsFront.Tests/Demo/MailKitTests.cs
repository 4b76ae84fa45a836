using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using MailStore = TlsFront.Demo.MailStore;

namespace TlsFront.Tests.Demo;

/// <summary>The demo store as a strict client library sees it.</summary>
public sealed class MailKitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_sent_by_smtp_is_read_by_imap_and_pop3(bool chunking)
    {
        await using var demo = new DemoStoreFixture();
        await SendAsync(demo, Message("Hello"), chunking);

        using var imap = await OpenImapAsync(demo);
        await imap.Inbox.OpenAsync(FolderAccess.ReadOnly);
        var fetched = await imap.Inbox.GetMessageAsync(0);
        Assert.Equal("Hello", fetched.Subject);
        Assert.Equal("Grüße\r\n.dot\r\n..dots\r\n", fetched.TextBody!.ReplaceLineEndings("\r\n"));
        Assert.StartsWith("from ", fetched.Headers[HeaderId.Received], StringComparison.Ordinal);
        Assert.Equal("<sender@demo.test>", fetched.Headers[HeaderId.ReturnPath]);

        using var pop3 = await OpenPop3Async(demo);
        Assert.Equal(1, pop3.Count);
        var retrieved = await pop3.GetMessageAsync(0);
        Assert.Equal(fetched.MessageId, retrieved.MessageId);
        Assert.Equal(fetched.TextBody, retrieved.TextBody);
        Assert.Equal("Hello", (await pop3.GetMessageHeadersAsync(0))[HeaderId.Subject]);
        Assert.Single(await pop3.GetMessageUidsAsync());
        Assert.Equal(demo.Store.Inbox.Messages[0].Content.Length, (await pop3.GetMessageSizesAsync())[0]);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_by_all_three()
    {
        await using var demo = new DemoStoreFixture();
        using var smtp = new SmtpClient();
        await smtp.ConnectAsync("127.0.0.1", demo.Servers.Smtp.EndPoint.Port, SecureSocketOptions.None);
        await Assert.ThrowsAsync<AuthenticationException>(() => smtp.AuthenticateAsync("demo", "guess"));
        using var imap = new ImapClient();
        await imap.ConnectAsync("127.0.0.1", demo.Servers.Imap.EndPoint.Port, SecureSocketOptions.None);
        await Assert.ThrowsAsync<AuthenticationException>(() => imap.AuthenticateAsync("demo", "guess"));
        using var pop3 = new Pop3Client();
        await pop3.ConnectAsync("127.0.0.1", demo.Servers.Pop3.EndPoint.Port, SecureSocketOptions.None);
        await Assert.ThrowsAsync<AuthenticationException>(() => pop3.AuthenticateAsync("demo", "guess"));
    }

    [Fact]
    public async Task Folders_are_listed_with_their_special_use()
    {
        await using var demo = new DemoStoreFixture();
        using var imap = await OpenImapAsync(demo);
        var folders = await imap.GetFoldersAsync(
            imap.PersonalNamespaces[0], StatusItems.Count | StatusItems.Unread | StatusItems.UidNext | StatusItems.UidValidity);
        Assert.Equal(["Drafts", "INBOX", "Sent", "Trash"], folders.Select(folder => folder.FullName).Order(StringComparer.Ordinal));
        Assert.Equal("Sent", imap.GetFolder(SpecialFolder.Sent)!.FullName);
        Assert.Equal("Drafts", imap.GetFolder(SpecialFolder.Drafts)!.FullName);
        Assert.Equal("Trash", imap.GetFolder(SpecialFolder.Trash)!.FullName);
    }

    [Fact]
    public async Task An_appended_message_keeps_its_flags_and_date_and_is_found_by_search()
    {
        await using var demo = new DemoStoreFixture();
        using var imap = await OpenImapAsync(demo);
        var sent = imap.GetFolder(SpecialFolder.Sent)!;
        await sent.OpenAsync(FolderAccess.ReadWrite);
        var date = new DateTimeOffset(2025, 6, 7, 8, 9, 10, TimeSpan.FromHours(-3.5));
        var uid = await sent.AppendAsync(new AppendRequest(Message("First"), MailKit.MessageFlags.Seen | MailKit.MessageFlags.Flagged, date));
        await sent.AppendAsync(new AppendRequest(Message("Second")));
        Assert.Equal(1u, uid!.Value.Id);

        var summary = (
            await sent.FetchAsync(
                0, 0,
                MessageSummaryItems.Flags | MessageSummaryItems.InternalDate | MessageSummaryItems.UniqueId | MessageSummaryItems.Size)).Single();
        Assert.Equal(MailKit.MessageFlags.Seen | MailKit.MessageFlags.Flagged, summary.Flags);
        Assert.Equal(date, summary.InternalDate);

        Assert.Equal([1u], Ids(await sent.SearchAsync(SearchQuery.SubjectContains("first").And(SearchQuery.Seen))));
        Assert.Equal([2u], Ids(await sent.SearchAsync(SearchQuery.NotSeen.And(SearchQuery.DeliveredAfter(new DateTime(2026, 1, 1))))));
        Assert.Equal([1u, 2u], Ids(await sent.SearchAsync(SearchQuery.FromContains("sender@").Or(SearchQuery.BodyContains("no such")))));
        Assert.Empty(await sent.SearchAsync(SearchQuery.HeaderContains("X-None", "x")));
    }

    [Fact]
    public async Task Envelope_and_structure_of_a_multipart_are_told_and_its_parts_fetched()
    {
        await using var demo = new DemoStoreFixture();
        var message = Message("Structure");
        message.To.Add(new GroupAddress("Friends", [new MailboxAddress("A \"B\" (C)", "a@demo.test")]));
        var builder = new BodyBuilder { TextBody = "plain", HtmlBody = "<p>html</p>" };
        builder.Attachments.Add("notes; 1.txt", "attached"u8.ToArray(), new ContentType("application", "octet-stream"));
        builder.Attachments.Add("inner.eml", Rfc822("Inner"), new ContentType("message", "rfc822"));
        message.Body = builder.ToMessageBody();
        using var imap = await OpenImapAsync(demo);
        await imap.Inbox.OpenAsync(FolderAccess.ReadWrite);
        await imap.Inbox.AppendAsync(message);

        var summary = (
            await imap.Inbox.FetchAsync(
                0, -1,
                MessageSummaryItems.Envelope | MessageSummaryItems.BodyStructure | MessageSummaryItems.UniqueId | MessageSummaryItems.References))
                    .Single();
        Assert.Equal("Structure", summary.Envelope!.Subject);
        Assert.Equal(message.MessageId, summary.Envelope.MessageId);
        Assert.Equal(message.To.ToString(), summary.Envelope!.To.ToString());
        Assert.Equal(2, summary.Attachments.Count());
        Assert.Equal("notes; 1.txt", summary.Attachments.First().FileName);
        Assert.Equal("Inner", summary.BodyParts.OfType<BodyPartMessage>().Single().Envelope!.Subject);
        Assert.Equal("plain", ((TextPart)await imap.Inbox.GetBodyPartAsync(summary.UniqueId, summary.TextBody!)).Text);
        Assert.Equal("<p>html</p>", ((TextPart)await imap.Inbox.GetBodyPartAsync(summary.UniqueId, summary.HtmlBody!)).Text);
        var inner = (MessagePart)await imap.Inbox.GetBodyPartAsync(summary.UniqueId, summary.Attachments.Last());
        Assert.Equal("Inner", inner.Message!.Subject);
        using var whole = await imap.Inbox.GetStreamAsync(summary.UniqueId, "1.1", 1, 3);
        Assert.Equal(3, whole.Length);
    }

    [Fact]
    public async Task A_message_that_arrives_during_idle_is_announced()
    {
        await using var demo = new DemoStoreFixture();
        using var imap = await OpenImapAsync(demo);
        await imap.Inbox.OpenAsync(FolderAccess.ReadOnly);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var count = 0;
        imap.Inbox.CountChanged += (_, _) =>
        {
            count = imap.Inbox.Count;
            done.Cancel();
        };
        var idle = imap.IdleAsync(done.Token);
        await SendAsync(demo, Message("Wake up"), chunking: false);
        await idle;
        Assert.Equal(1, count);
        await imap.NoOpAsync();
    }

    [Fact]
    public async Task Flags_moves_and_deletions_of_one_client_reach_another()
    {
        await using var demo = new DemoStoreFixture();
        using var actor = await OpenImapAsync(demo);
        using var watcher = await OpenImapAsync(demo);
        await actor.Inbox.OpenAsync(FolderAccess.ReadWrite);
        await watcher.Inbox.OpenAsync(FolderAccess.ReadOnly);
        foreach (var subject in new[] { "one", "two", "three" })
        {
            await actor.Inbox.AppendAsync(Message(subject));
        }

        await watcher.NoOpAsync();
        Assert.Equal(3, watcher.Inbox.Count);
        var flagged = new List<MailKit.MessageFlags>();
        watcher.Inbox.MessageFlagsChanged += (_, change) => flagged.Add(change.Flags);
        var gone = new List<int>();
        watcher.Inbox.MessageExpunged += (_, change) => gone.Add(change.Index);

        await actor.Inbox.StoreAsync(0, new StoreFlagsRequest(StoreAction.Add, MailKit.MessageFlags.Answered) { Silent = true });
        var moved = await actor.Inbox.MoveToAsync(new UniqueId(2), actor.GetFolder(SpecialFolder.Trash)!);
        await actor.Inbox.StoreAsync(new UniqueId(3), new StoreFlagsRequest(StoreAction.Set, MailKit.MessageFlags.Deleted));
        await actor.Inbox.ExpungeAsync();
        await watcher.NoOpAsync();

        Assert.Equal(1u, moved!.Value.Id);
        Assert.Contains(MailKit.MessageFlags.Answered, flagged);
        Assert.Equal([1, 2], gone.Order());
        Assert.Equal(1, watcher.Inbox.Count);
        Assert.Equal(1, actor.Inbox.Count);
    }

    [Fact]
    public async Task A_pop3_deletion_takes_effect_at_quit()
    {
        await using var demo = new DemoStoreFixture();
        await SendAsync(demo, Message("Doomed"), chunking: true);
        using var pop3 = await OpenPop3Async(demo);
        await pop3.DeleteMessageAsync(0);
        Assert.Single(demo.Store.Inbox.Messages);
        await pop3.DisconnectAsync(quit: true);
        Assert.Empty(demo.Store.Inbox.Messages);
    }

    private static IEnumerable<uint> Ids(IEnumerable<UniqueId> uids) => uids.Select(uid => uid.Id);

    private static MimeMessage Message(string subject)
    {
        var message = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = "Grüße\r\n.dot\r\n..dots\r\n" } };
        message.From.Add(new MailboxAddress("Sender", "sender@demo.test"));
        message.To.Add(new MailboxAddress("Demo", "demo@demo.test"));
        return message;
    }

    private static byte[] Rfc822(string subject)
    {
        using var stream = new MemoryStream();
        Message(subject).WriteTo(stream);
        return stream.ToArray();
    }

    private static async Task SendAsync(DemoStoreFixture demo, MimeMessage message, bool chunking)
    {
        using var smtp = new SmtpClient();
        await smtp.ConnectAsync("127.0.0.1", demo.Servers.Smtp.EndPoint.Port, SecureSocketOptions.None);
        await smtp.AuthenticateAsync(MailStore.UserName, MailStore.Password);
        Assert.True(smtp.Capabilities.HasFlag(SmtpCapabilities.Chunking | SmtpCapabilities.Pipelining | SmtpCapabilities.UTF8));
        if (!chunking)
        {
            smtp.Capabilities &= ~SmtpCapabilities.Chunking;
        }

        await smtp.SendAsync(message);
        await smtp.DisconnectAsync(quit: true);
    }

    private static async Task<ImapClient> OpenImapAsync(DemoStoreFixture demo)
    {
        var imap = new ImapClient();
        await imap.ConnectAsync("127.0.0.1", demo.Servers.Imap.EndPoint.Port, SecureSocketOptions.None);
        await imap.AuthenticateAsync(MailStore.UserName, MailStore.Password);
        return imap;
    }

    private static async Task<Pop3Client> OpenPop3Async(DemoStoreFixture demo)
    {
        var pop3 = new Pop3Client();
        await pop3.ConnectAsync("127.0.0.1", demo.Servers.Pop3.EndPoint.Port, SecureSocketOptions.None);
        await pop3.AuthenticateAsync(MailStore.UserName, MailStore.Password);
        return pop3;
    }
}
