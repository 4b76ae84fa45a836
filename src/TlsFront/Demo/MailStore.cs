using System.Collections.Immutable;

namespace TlsFront.Demo;

/// <summary>The mail of the one demo user, in memory. Writers take a lock; readers use the folders' immutable lists.</summary>
internal sealed class MailStore
{
    public const string UserName = "demo";
    public const string Password = "demo";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private int _messages;
    private long _bytes;

    public MailStore(TimeProvider time, MailStoreLimits? limits = null)
    {
        _time = time;
        Limits = limits ?? new();
        var validity = (uint)time.GetUtcNow().ToUnixTimeSeconds();
        Inbox = new("INBOX", null, validity);
        Folders = [Inbox, new("Drafts", @"\Drafts", validity), new("Sent", @"\Sent", validity), new("Trash", @"\Trash", validity)];
    }

    public MailStoreLimits Limits { get; }

    public MailFolder Inbox { get; }

    public IReadOnlyList<MailFolder> Folders { get; }

    /// <summary>Whether this is the demo user.</summary>
    public static bool Authenticate(string user, string password) => user == UserName && password == Password;

    /// <summary>The folder of that name, or null. INBOX matches in any case (RFC 3501 section 5.1).</summary>
    public MailFolder? Find(string name) =>
        name.Equals(Inbox.Name, StringComparison.OrdinalIgnoreCase) ? Inbox : Folders.FirstOrDefault(folder => folder.Name == name);

    /// <summary>Stores a message; bare line feeds become CRLF, which both IMAP and POP3 promise to their clients.</summary>
    public StoreOutcome Add(MailFolder folder, ReadOnlyMemory<byte> content, MessageFlags flags, DateTimeOffset? received, out StoredMessage? message)
    {
        message = null;
        content = LineEndings.Normalize(content);
        if (content.Length > Limits.MessageBytes)
        {
            return StoreOutcome.TooLarge;
        }

        lock (_lock)
        {
            if (_messages == Limits.Messages || _bytes + content.Length > Limits.TotalBytes)
            {
                return StoreOutcome.Full;
            }

            _messages++;
            _bytes += content.Length;
            var (messages, uid) = folder.Contents;
            message = new(uid, content, received ?? _time.GetLocalNow(), flags);
            folder.Replace(new(messages.Add(message), uid + 1));
            return StoreOutcome.Stored;
        }
    }

    /// <summary>Sets, adds or removes flags, whichever <paramref name="change"/> says of the present ones.</summary>
    public void SetFlags(MailFolder folder, StoredMessage message, Func<MessageFlags, MessageFlags> change)
    {
        lock (_lock)
        {
            var before = message.Flags;
            message.Flags = change(before);
            if (message.Flags != before)
            {
                folder.NotifyChanged();
            }
        }
    }

    /// <summary>Removes the messages for good; those already gone do not matter.</summary>
    public void Remove(MailFolder folder, IReadOnlySet<StoredMessage> doomed)
    {
        lock (_lock)
        {
            ImmutableArray<StoredMessage> kept = [.. folder.Messages.Where(message => !doomed.Contains(message))];
            if (kept.Length == folder.Messages.Length)
            {
                return;
            }

            _messages -= folder.Messages.Length - kept.Length;
            _bytes -= folder.Messages.Sum(message => (long)message.Content.Length) - kept.Sum(message => (long)message.Content.Length);
            folder.Replace(folder.Contents with { Messages = kept });
        }
    }
}
