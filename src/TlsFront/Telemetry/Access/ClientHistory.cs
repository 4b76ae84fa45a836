using System.Runtime.InteropServices;
using TlsFront.Connections;

namespace TlsFront.Telemetry.Access;

/// <summary>
/// What clients that are refused were seen to do before, by network and fingerprint, since the process began. As clients come from anywhere it
/// forgets: the two halves are each filled in turn, and the older one goes when the other is full.
/// </summary>
internal sealed class ClientHistory
{
    /// <summary>Clients in each half; 300 KB in all.</summary>
    public const int Capacity = 2048;

    private readonly Lock _gate = new();
    private Dictionary<(ulong Network, string Ja4), Entry> _young = [];
    private Dictionary<(ulong Network, string Ja4), Entry> _old = [];

    /// <summary>
    /// A login was accepted. Of clients with TLS 1.3 and a strong suite nothing is kept: they are most, and no rule on TLS refuses them.
    /// </summary>
    public void Succeeded(ConnectionRecord record, DateTimeOffset now)
    {
        if (record.Facts.Tls is not { Version: TlsVersion.Tls13 })
        {
            lock (_gate)
            {
                ref var entry = ref EntryOf(record);
                entry = entry with { LastSuccess = now, Program = record.Facts.Program ?? entry.Program };
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
            entry = entry with { Refused = entry.Refused + 1, Program = record.Facts.Program ?? entry.Program };
            known = entry;
        }

        var seen = ClientWords.OfSightings(
            known.Refused, ClientNetwork.Of(record.Facts.Client.Address),
            known.Program is { } program ? AccessLogText.Sentence(program) : "", known.LastSuccess);
        return record.Facts.Tls is { } tls && ClientWords.OfOffer(tls.Offer, tls.Version, tls.HasWeakCipher) is { } offer ? $"{offer}; {seen}" : seen;
    }

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
