using System.Runtime.InteropServices;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// What clients that are refused were seen to do before, by network and fingerprint, since the process began. As clients come from anywhere it
/// forgets: the two halves are each filled in turn, and the older one goes when the other is full.
/// </summary>
internal sealed class ClientHistory
{
    /// <summary>Clients in each half: 1.6 MB in all, with about 400 bytes for each.</summary>
    public const int Capacity = 2048;

    /// <summary>Characters that are kept of what a program calls itself: most of what a client costs is text of its own.</summary>
    private const int MostOfProgram = 64;

    private readonly Lock _gate = new();
    private Dictionary<(ulong Network, string Ja4), Entry> _young = [];
    private Dictionary<(ulong Network, string Ja4), Entry> _old = [];

    /// <summary>
    /// A login was accepted. Of clients with implicit TLS 1.3 nothing is kept: they are most, and no rule on TLS refuses them.
    /// </summary>
    public void Succeeded(ConnectionRecord record, DateTimeOffset now)
    {
        if (IsKept(record))
        {
            lock (_gate)
            {
                ref var entry = ref EntryOf(record);
                entry = entry with { LastSuccess = now, Program = ProgramOf(record) ?? entry.Program };
            }
        }
    }

    /// <summary>A connection was refused for its TLS or by a policy: what is known of its client, in words, this connection included.</summary>
    public string Refused(ConnectionRecord record)
    {
        Entry known;
        lock (_gate)
        {
            ref var entry = ref EntryOf(record);
            entry = entry with { Refused = entry.Refused + 1, Program = ProgramOf(record) ?? entry.Program };
            known = entry;
        }

        var seen = ClientWords.OfRefusals(
            known.Refused, ClientNetwork.Of(record.Facts.Client.Address),
            known.Program is { } program ? AccessLogText.Words(program) : "", known.LastSuccess, IsKept(record));
        return record.Facts.Tls is { } tls && ClientWords.OfOffer(tls.Offer, tls.Version, tls.HasWeakCipher) is { } offer ? $"{offer}; {seen}" : seen;
    }

    private static bool IsKept(ConnectionRecord record) =>
        record.Transport != LoginTransport.Implicit || record.Facts.Tls is not { Version: TlsVersion.Tls13 };

    private static string? ProgramOf(ConnectionRecord record) =>
        record.Facts.Program is { Length: > MostOfProgram } program ? program[..MostOfProgram] : record.Facts.Program;

    private ref Entry EntryOf(ConnectionRecord record)
    {
        var key = (ClientNetwork.NumberOf(record.Facts.Client.Address), record.Ja4 ?? "");
        if (_young.Count == Capacity && !_young.ContainsKey(key))
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_young, key, out var isKnown);
        if (!isKnown && _old.Remove(key, out var earlier))
        {
            entry = earlier;
        }

        return ref entry;
    }

    private readonly record struct Entry(long Refused, string? Program, DateTimeOffset? LastSuccess);
}
