using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Tls.ClientCertificates;

/// <summary>The revocation lists of a file.</summary>
/// <param name="lists">The lists.</param>
internal sealed class RevocationLists(IReadOnlyList<RevocationList> lists)
{
    /// <summary>Largest file accepted, 64 MiB: a million certificates.</summary>
    private const int MaximumSize = 64 << 20;

    private const string Remedy = "name a PEM file with the revocation list of the authority";

    /// <summary>The list by which the certificates of each of <paramref name="authorities"/> are judged; null where there is none.</summary>
    public IEnumerable<(X509Certificate2 Authority, RevocationList? List)> Deciding(X509Certificate2Collection authorities, DateTimeOffset now) =>
        authorities.Select(authority => (authority, Find(authority, now)));

    /// <summary>The lists that none of <paramref name="authorities"/> signed: the last one in each name.</summary>
    public IEnumerable<RevocationList> Others(X509Certificate2Collection authorities, DateTimeOffset now) => lists
        .Where(list => list.From <= now && !authorities.Any(list.IsOf))
        .GroupBy(static list => Convert.ToHexString(list.Issuer))
        .Select(static inName => inName.MaxBy(static list => list.From)!);

    /// <summary>
    /// From when on nobody of some of <paramref name="authorities"/> is let in: from <paramref name="now"/> on where one has no list. Null if no list
    /// ever ends.
    /// </summary>
    public DateTimeOffset? EndFor(X509Certificate2Collection authorities, DateTimeOffset now)
    {
        var end = Deciding(authorities, now).Min(found => found.List is null ? now : found.List.Until);
        return end < DateTimeOffset.MaxValue ? end : null;
    }

    /// <summary>What the lists say of <paramref name="certificate"/>, which <paramref name="issuer"/> signed.</summary>
    public ClientCertificateVerdict Judge(X509Certificate2 certificate, X509Certificate2 issuer, DateTimeOffset now)
    {
        var last = Find(issuer, now);
        return last is null ? new(X509ChainStatusFlags.RevocationStatusUnknown, "there is no revocation list of its authority")
            : last.Until < now ? new(
                X509ChainStatusFlags.OfflineRevocation, $"the revocation list of its authority ended {last.Until:yyyy-MM-dd HH:mm'Z'}")
            : last.Contains(certificate) ? new(X509ChainStatusFlags.Revoked, "it is revoked")
            : ClientCertificateVerdict.Good;
    }

    /// <summary>The list of <paramref name="authority"/> that counts at <paramref name="now"/>, be it out of date; null if there is none.</summary>
    public RevocationList? Find(X509Certificate2 authority, DateTimeOffset now)
    {
        RevocationList? last = null;
        foreach (var list in lists)
        {
            if ((last is null || list.From > last.From) && list.From <= now && list.IsOf(authority))
            {
                last = list;
            }
        }

        return last;
    }

    /// <summary>Reads a file as it is now.</summary>
    public static (RevocationLists? Content, IReadOnlyList<Problem> Problems) Read(string path)
    {
        try
        {
            if (BoundedFile.Read(path, MaximumSize) is not { } content)
            {
                return Fail(path, "is larger than 64 MiB");
            }

            var lists = new List<RevocationList>();
            var rest = Encoding.UTF8.GetString(content).AsSpan();
            while (PemEncoding.TryFind(rest, out var fields))
            {
                if (rest[fields.Label] is "X509 CRL")
                {
                    lists.Add(new(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
                }

                rest = rest[fields.Location.End..];
            }

            return lists.Count > 0 ? (new(lists), []) : Fail(path, "holds no revocation list");
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or NotSupportedException or ArgumentException)
        {
            return Fail(path, $"cannot be read: {exception.Message}");
        }
    }

    private static (RevocationLists? Content, IReadOnlyList<Problem> Problems) Fail(string path, string what) =>
        (null, [new Problem(Severity.Error, new Origin(path), "", null, $"{path} {what}", Remedy)]);
}
