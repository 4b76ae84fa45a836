using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>What becomes of logins of one user under other settings.</summary>
/// <param name="User">The user.</param>
/// <param name="Effect">What.</param>
/// <param name="By">What would do it: where the policy or the setting stands.</param>
internal sealed record WhatIfOutcome(string User, WhatIfEffect Effect, string By)
{
    private Tally<string> _networks;
    private Tally<string> _programs;

    /// <summary>Networks that they came from, the most frequent first.</summary>
    public IEnumerable<string> Networks => _networks.MostFrequent(Usage.MostListed);

    /// <summary>What their programs call themselves, the most frequent first.</summary>
    public IEnumerable<string> Programs => _programs.MostFrequent(Usage.MostListed);

    /// <summary>Logins of the kind.</summary>
    public long Logins { get; private set; }

    /// <summary>When the last of them was.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>Adds a login.</summary>
    public void Add(ObservedLogin login)
    {
        Logins += login.Count;
        Last = login.At > Last ? login.At : Last;
        _networks.Add(login.Network, login.Count);
        if (login.Program is { } program)
        {
            _programs.Add(program, login.Count);
        }
    }
}
