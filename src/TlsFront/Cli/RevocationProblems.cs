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
    /// <summary>A list is made anew long before it ends: less than this part of its time left means that nobody does.</summary>
    private const int LastPart = 10;

    public IEnumerable<Problem> Find() => ClientCertificateSchema.WithRevocation(listeners)
        .DistinctBy(static found => (found.Clients.Authorities, found.Clients.RevocationLists))
        .SelectMany(found => Find(found.Clients.Authorities!, found.Lists));

    private IEnumerable<Problem> Find(string authoritiesFile, Placed<string> place)
    {
        // Why a file cannot be read is told elsewhere.
        if (RevocationLists.Read(place.Value).Content is not { } lists
            || ClientCertificateStore.ReadAuthorities(authoritiesFile).Content is not { } authorities)
        {
            yield break;
        }

        foreach (var authority in authorities.Where(authority => lists.Find(authority, now) is null))
        {
            yield return Tell(
                place, Severity.Warning,
                $"has no list that {authority.Subject} signed, which is in ca: none of its certificates is let in",
                "add its list to the file, or remove it from ca");
        }

        foreach (var list in authorities.Select(authority => lists.Find(authority, now)).OfType<RevocationList>().Union(lists.InForce(now)))
        {
            var issuer = new X500DistinguishedName(list.Issuer).Name;
            if (list.Until < now || list.Until - now < (list.Until - list.From) / LastPart)
            {
                var (verb, consequence) = list.Until < now
                    ? ("ended", "none of its certificates is let in")
                    : ("ends", "none of its certificates is let in from then on");
                yield return Tell(
                    place, Severity.Warning, $"has a list of {issuer} that {verb} {list.Until:yyyy-MM-dd HH:mm'Z'}: {consequence}",
                    "put the authority's next list there; the gateway takes it within two seconds");
            }

            if (!authorities.Any(list.IsOf))
            {
                yield return Tell(
                    place, Severity.Note,
                    $"has a list of {issuer}, which is not in ca: it revokes nothing, unless that is an authority below one in ca",
                    "name the list of the authority in ca");
            }
        }
    }

    private static Problem Tell(Placed<string> place, Severity severity, string message, string remedy) =>
        new(severity, place.Origin, place.Setting, null, message, remedy);
}
