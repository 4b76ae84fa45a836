using System.Text;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Demo;

namespace TlsFront.Tests.Demo;

public sealed class MailStoreTests
{
    [Fact]
    public void What_is_removed_makes_room_and_its_UID_is_never_used_again()
    {
        var store = new MailStore(new FakeTimeProvider(), new() { Messages = 2, MessageBytes = 5, TotalBytes = 8 });
        Assert.Equal(StoreOutcome.Stored, Add(store, 5));
        Assert.Equal(StoreOutcome.TooLarge, Add(store, 6));
        Assert.Equal(StoreOutcome.Full, Add(store, 4));
        Assert.Equal(StoreOutcome.Stored, Add(store, 3));
        Assert.Equal(StoreOutcome.Full, Add(store, 0));
        store.Remove(store.Inbox, new HashSet<StoredMessage> { store.Inbox.Messages[1] });
        Assert.Equal(StoreOutcome.Stored, Add(store, 3));
        Assert.Equal([1u, 3u], store.Inbox.Messages.Select(message => message.Uid));
    }

    [Fact]
    public void Waiting_for_a_change_ends_with_a_message_a_flag_or_a_removal_and_with_nothing_less()
    {
        var store = new MailStore(new FakeTimeProvider());
        var changed = store.Inbox.Changed;
        Add(store, 1);
        Assert.True(changed.IsCompleted);
        changed = store.Inbox.Changed;
        var message = store.Inbox.Messages.Single();
        store.SetFlags(store.Inbox, message, flags => flags);
        store.Remove(store.Inbox, new HashSet<StoredMessage>());
        Assert.False(changed.IsCompleted);
        store.SetFlags(store.Inbox, message, _ => MessageFlags.Seen);
        Assert.True(changed.IsCompleted);
        changed = store.Inbox.Changed;
        store.Remove(store.Inbox, new HashSet<StoredMessage> { message });
        Assert.True(changed.IsCompleted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\rb")]
    public void Text_of_CRLF_lines_is_left_alone(string text)
    {
        ReadOnlyMemory<byte> content = Encoding.Latin1.GetBytes(text);
        Assert.Equal(content, LineEndings.Normalize(content));
    }

    [Theory]
    [InlineData("\n", "\r\n")]
    [InlineData("a\n\nb\r\nc\n", "a\r\n\r\nb\r\nc\r\n")]
    [InlineData("\r\n\n\r", "\r\n\r\n\r")]
    public void Bare_line_feeds_become_CRLF(string text, string expected) =>
        Assert.Equal(expected, Encoding.Latin1.GetString(LineEndings.Normalize(Encoding.Latin1.GetBytes(text)).Span));

    private static StoreOutcome Add(MailStore store, int length) => store.Add(store.Inbox, new byte[length], MessageFlags.None, null, out _);
}
