namespace TlsFront.Migration;

/// <summary>How many come as RFC 8314 wants it, by implicit TLS 1.2 or later.</summary>
internal sealed class Adoption
{
    private readonly HashSet<string> _users = [];
    private readonly HashSet<string> _others = [];
    private int _logins;
    private int _moved;

    /// <summary>Part of the logins, 0 to 1; null if there was none.</summary>
    public double? Logins => _logins == 0 ? null : (double)_moved / _logins;

    /// <summary>Part of the users all of whose logins do, 0 to 1; null if there was none.</summary>
    public double? Users => _users.Count == 0 ? null : (double)(_users.Count - _others.Count) / _users.Count;

    /// <summary>Adds a login.</summary>
    public void Add(ObservedLogin login)
    {
        if (!login.IsAccepted)
        {
            return;
        }

        _logins++;
        _moved += login.MeetsRfc8314 ? 1 : 0;
        if (login.User is { } user)
        {
            _users.Add(user);
            if (!login.MeetsRfc8314)
            {
                _others.Add(user);
            }
        }
    }
}
