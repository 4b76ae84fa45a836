using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Cli;

/// <summary>Revocation lists that let nobody in, will soon let nobody in, or revoke nothing.</summary>
/// <param name="listeners">The listeners whose clients are asked for certificates, and others.</param>
/// <param name="now">When the lists are to count.</param>
internal sealed class RevocationProblems(IEnumerable<ListenerDraft> listeners, DateTimeOffset now)
{
    /// <summary>
    /// An authority makes the next list long before the last one ends: when less than a tenth of its time is left, nobody does that, or nobody brings
    /// it here.
    /// </summary>
    private const double WarnBelowFraction = 0.1;

    public IEnumerable<Problem> Find() => WithRevocation()
        .DistinctBy(static found => (found.Clients.Authorities, found.Clients.RevocationLists))
        .SelectMany(found => Find(found.Clients.Authorities!, found.Lists));

    /// <summary>What clients of listeners and routes are judged by where certificates are revoked, with the place that names the lists.</summary>
    private IEnumerable<(ClientCertificateSettings Clients, Placed<string> Lists)> WithRevocation()
    {
        foreach (var listener in listeners)
        {
            var scope = listener.Scope.Section(TlsSchema.ListenerSection).Section(ClientCertificateSchema.ListenerSection);
            var ofListener = listener.Settings.Tls.ClientCertificates;
            if (ofListener is { AreRequested: true, RevocationLists: { } lists })
            {
                yield return (ofListener, scope.Place(ClientCertificateSchema.RevocationLists, lists));
            }

            foreach (var route in listener.Routes.Where(static route => !route.Settings.NeedsUser))
            {
                if (route.Settings.Tls.ClientCertificates is { AreRequested: true, RevocationLists: { } own } ofRoute && ofRoute != ofListener)
                {
                    var place = route.Scope.Section(TlsSchema.RouteSection).Section(ClientCertificateSchema.RouteSection);
                    yield return (
                        ofRoute,
                        (place.Has(ClientCertificateSchema.RevocationLists) ? place : scope).Place(ClientCertificateSchema.RevocationLists, own));
                }
            }
        }
    }

    private IEnumerable<Problem> Find(string authoritiesFile, Placed<string> place)
    {
        // Why a file cannot be read is told elsewhere.
        if (RevocationLists.Read(place.Value).Content is not { } lists
            || ClientCertificateStore.ReadAuthorities(authoritiesFile).Content is not { } authorities)
        {
            yield break;
        }

        var deciding = lists.Deciding(authorities, now).ToList();
        foreach (var (authority, _) in deciding.Where(static found => found.List is null))
        {
            yield return Tell(
                place, Severity.Warning,
                $"has no list that {authority.Subject} signed, which is in ca: none of its certificates is let in",
                "add its list to the file, or remove it from ca");
        }

        // An authority whose certificate was renewed has one list under both.
        foreach (var list in deciding.Select(static found => found.List).OfType<RevocationList>().Distinct())
        {
            if (list.Until - now < (list.Until - list.From) * WarnBelowFraction)
            {
                var (verb, consequence) = list.Until < now
                    ? ("ended", "none of its certificates is let in")
                    : ("ends", "none of its certificates is let in from then on");
                yield return Tell(
                    place, Severity.Warning, $"has a list of {NameOf(list)} that {verb} {list.Until:yyyy-MM-dd HH:mm'Z'}: {consequence}",
                    "put the authority's next list there; the gateway takes it within two seconds");
            }
        }

        // When one of them ends is not told: here nobody knows whether anyone is judged by it.
        foreach (var list in lists.Others(authorities, now))
        {
            yield return Tell(
                place, Severity.Note,
                $"has a list of {NameOf(list)}, which is not in ca: it revokes nothing, unless that is an authority below one in ca",
                "name the list of the authority in ca");
        }
    }

    private static string NameOf(RevocationList list) => new X500DistinguishedName(list.Issuer).Name;

    private static Problem Tell(Placed<string> place, Severity severity, string message, string remedy) =>
        new(severity, place.Origin, place.Setting, null, message, remedy);
}
