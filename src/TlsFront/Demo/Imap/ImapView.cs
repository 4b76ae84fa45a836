using System.Collections.Immutable;

namespace TlsFront.Demo.Imap;

/// <summary>
/// A session's view of the folder it selected: message numbers change only when the client has been told (RFC 3501 section 7.4.1).
/// </summary>
internal sealed class ImapView
{
    private readonly List<Entry> _entries;
    private ImmutableArray<StoredMessage> _seen;

    public ImapView(MailFolder folder, bool readOnly)
    {
        Folder = folder;
        IsReadOnly = readOnly;
        (_seen, NextUid) = folder.Contents;
        _entries = [.. _seen.Select(message => new Entry(message))];
    }

    public MailFolder Folder { get; }

    public bool IsReadOnly { get; }

    public int Count => _entries.Count;

    /// <summary>The UID that the next message to come into view has at least.</summary>
    public uint NextUid { get; private set; }

    public uint LargestUid => _entries.Count == 0 ? 0 : _entries[^1].Message.Uid;

    /// <summary>All messages with their numbers.</summary>
    public IEnumerable<(uint Number, StoredMessage Message)> All => _entries.Select((entry, index) => ((uint)index + 1, entry.Message));

    /// <summary>The messages of a set.</summary>
    public List<(uint Number, StoredMessage Message)> Select(SequenceSet set, bool byUid) =>
        [.. All.Where(item => byUid ? set.Contains(item.Message.Uid, LargestUid) : set.Contains(item.Number, (uint)Count))];

    /// <summary>The message's flags, which the client is about to be told.</summary>
    public MessageFlags ReportFlags(uint number) => _entries[(int)number - 1].ReportFlags(out _);

    /// <summary>
    /// Tells the client what changed since it was last told. Not every command may be answered with EXPUNGE (RFC 3501 section 7.4.1).
    /// </summary>
    public void Synchronize(LineConnection connection, bool mayExpunge)
    {
        var messages = Folder.Messages;
        if (mayExpunge && messages != _seen)
        {
            var present = messages.ToHashSet();
            for (var index = _entries.Count - 1; index >= 0; index--)
            {
                if (!present.Contains(_entries[index].Message))
                {
                    _entries.RemoveAt(index);
                    connection.WriteLine($"* {index + 1} EXPUNGE");
                }
            }

            _seen = messages;
        }

        for (var index = 0; index < _entries.Count; index++)
        {
            var flags = _entries[index].ReportFlags(out var changed);
            if (changed)
            {
                connection.WriteLine($"* {index + 1} FETCH (UID {_entries[index].Message.Uid} FLAGS {ImapFlags.Format(flags)})");
            }
        }

        var arrived = messages.Where(message => message.Uid >= NextUid).ToList();
        if (arrived.Count != 0)
        {
            _entries.AddRange(arrived.Select(message => new Entry(message)));
            NextUid = arrived[^1].Uid + 1;
            connection.WriteLine($"* {_entries.Count} EXISTS");
            connection.WriteLine("* 0 RECENT");
        }
    }

    private sealed class Entry(StoredMessage message)
    {
        private MessageFlags _flags = message.Flags;

        public StoredMessage Message => message;

        public MessageFlags ReportFlags(out bool changed)
        {
            var before = _flags;
            _flags = message.Flags;
            changed = _flags != before;
            return _flags;
        }
    }
}
