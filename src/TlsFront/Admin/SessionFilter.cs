using System.IO.Enumeration;
using System.Net;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;

namespace TlsFront.Admin;

/// <summary>Which sessions are meant: those for which every condition holds, as <c>doveadm who</c> and <c>kick</c> have it.</summary>
/// <param name="User">
/// Name of the user, in any case; <c>*</c> matches any characters, <c>?</c> any one. Null for anybody. A login that is on its way to its user's
/// backend counts, so that nobody slips in between.
/// </param>
/// <param name="Network">Addresses of the client; null for any.</param>
/// <param name="Backend">Name of the backend; null for any.</param>
internal sealed record SessionFilter(string? User, IPNetwork? Network, string? Backend)
{
    /// <summary>Whether nothing is asked for, which is everybody.</summary>
    public bool IsEmpty => this is { User: null, Network: null, Backend: null };

    /// <summary>Reads the conditions of a request; null with what is wrong if one makes no sense.</summary>
    public static SessionFilter? Parse(string? user, string? network, string? backend, out string? problem)
    {
        IPNetwork? parsed = null;
        problem = null;
        if (network is not null)
        {
            if (!NetworkType.Instance.TryParse(network, out var found, out var wrong))
            {
                problem = $"net {wrong.Message}; {wrong.Remedy}";
                return null;
            }

            parsed = found;
        }

        return new(user, parsed, backend);
    }

    /// <summary>Whether the session of <paramref name="record"/> is meant.</summary>
    public bool Matches(ConnectionRecord record) =>
        (User is null || IsLike(record.User) || IsLike(record.LedUser))
        && (Network is null || Network.Value.Contains(record.Facts.Client.Address))
        && (Backend is null || record.Backend == Backend);

    // A backslash, which parts domain and user, escapes nothing here.
    private bool IsLike(string? name) =>
        name is not null && FileSystemName.MatchesSimpleExpression(User!.Replace(@"\", @"\\", StringComparison.Ordinal), name);
}
