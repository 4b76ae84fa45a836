using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>
/// The certificates that a listener or route chooses from, as they are loaded now: those of its own sources, or, where it has none, those for any
/// name. These too while none of its own is loaded, after a reload whose certificates could not be read: a connection is better than none.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="sources">Its own sources; empty for none.</param>
internal sealed class CertificateScope(CertificateStore store, IReadOnlyList<CertificateSettings> sources)
{
    private volatile Selected _selected = new(CertificateSnapshot.Empty, CertificateSnapshot.Empty);

    public CertificateSnapshot Current
    {
        get
        {
            var all = store.Current;
            if (sources.Count == 0)
            {
                return all;
            }

            var selected = _selected;
            if (selected.From != all)
            {
                // Two threads may both do it, with the same result.
                _selected = selected = new(all, all.Of(sources));
            }

            return selected.Own.All.IsEmpty ? all : selected.Own;
        }
    }

    private sealed record Selected(CertificateSnapshot From, CertificateSnapshot Own);
}
