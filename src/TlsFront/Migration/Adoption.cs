using System.Runtime.InteropServices;
using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>How many come as RFC 8314 wants it, by implicit TLS 1.2 or later.</summary>
/// <param name="mostUsers">Most users that are told apart.</param>
internal sealed class Adoption(int mostUsers)
{
    /// <summary>Who logged in, and whether always so.</summary>
    private readonly Dictionary<string, bool> _users = [];
    private long _logins;
    private long _moved;
    private bool _hasMore;

    /// <summary>Part of the logins, 0 to 1; null if there was none.</summary>
    public double? Logins => _logins == 0 ? null : (double)_moved / _logins;

    /// <summary>Part of the users all of whose logins do, 0 to 1; null if there was none, or too many to tell apart.</summary>
    public double? Users => _users.Count == 0 || _hasMore ? null : (double)_users.Values.Count(static hasMoved => hasMoved) / _users.Count;

    /// <summary>Adds a login, or several of a kind.</summary>
    public void Add(ObservedLogin login)
    {
        if (!login.IsAccepted)
        {
            return;
        }

        _logins += login.Count;
        _moved += login.MeetsRfc8314 ? login.Count : 0;
        if (login.User is not { } user || _hasMore)
        {
            return;
        }

        if (_users.Count == mostUsers && !_users.ContainsKey(user))
        {
            _hasMore = true;
            _users.Clear();
            return;
        }

        ref var hasMoved = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out var isKnown);
        hasMoved = login.MeetsRfc8314 && (hasMoved || !isKnown);
    }
}
