using System.Runtime.InteropServices;
using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>How many come as RFC 8314 wants it, by implicit TLS 1.2 or later.</summary>
internal sealed class Adoption
{
    /// <summary>Who logged in, and whether always so.</summary>
    private readonly Dictionary<string, bool> _users = [];
    private long _logins;
    private long _moved;

    /// <summary>Part of the logins, 0 to 1; null if there was none.</summary>
    public double? Logins => _logins == 0 ? null : (double)_moved / _logins;

    /// <summary>Part of the users all of whose logins do, 0 to 1; null if there was none.</summary>
    public double? Users => _users.Count == 0 ? null : (double)_users.Values.Count(static hasMoved => hasMoved) / _users.Count;

    /// <summary>Adds a login, or several of a kind.</summary>
    public void Add(ObservedLogin login)
    {
        if (!login.IsAccepted)
        {
            return;
        }

        _logins += login.Count;
        _moved += login.MeetsRfc8314 ? login.Count : 0;
        if (login.User is { } user)
        {
            ref var hasMoved = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out var isKnown);
            hasMoved = login.MeetsRfc8314 && (hasMoved || !isKnown);
        }
    }
}
