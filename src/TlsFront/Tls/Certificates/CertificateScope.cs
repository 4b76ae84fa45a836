using TlsFront.Configuration;

namespace TlsFront.Tls.Certificates;

/// <summary>
/// The certificates that a listener or route chooses from, as they are loaded now. Those for any name alone while none of its own is loaded, after a
/// reload whose certificates could not be read: a connection is better than none.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="sources">Its own sources; empty for none.</param>
/// <param name="isExclusive">Whether its own are the only ones, as a route's are, or go before those for any name, as a listener's do.</param>
internal sealed class CertificateScope(CertificateStore store, IReadOnlyList<CertificateSettings> sources, bool isExclusive = false)
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
                _selected = selected = new(all, isExclusive ? all.Of(sources) : all.After(sources));
            }

            return selected.Own.ForAnyName.IsEmpty ? all : selected.Own;
        }
    }

    private sealed record Selected(CertificateSnapshot From, CertificateSnapshot Own);
}
