using System.Text.Json.Serialization;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Telemetry.Access;

namespace TlsFront.Migration;

/// <summary>What becomes of logins of one user under other settings.</summary>
/// <param name="User">The user.</param>
/// <param name="Effect">What.</param>
/// <param name="By">What would do it: where the policy or the setting stands.</param>
/// <param name="IsSure">Whether it is certain; if not, it depends on a part of the address that was not kept.</param>
/// <param name="Minimum">The oldest version of TLS that would be accepted, if theirs is older.</param>
internal sealed record WhatIfOutcome(
    string User, WhatIfEffect Effect, string By, bool IsSure, [property: JsonIgnore] TlsVersion? Minimum)
{
    private Tally<string> _networks;
    private Tally<string> _programs;
    private Tally<string> _offers;

    /// <summary>Networks that they came from, the most frequent first.</summary>
    public IEnumerable<string> Networks => _networks.MostFrequent(Usage.MostListed);

    /// <summary>What their programs call themselves, the most frequent first.</summary>
    public IEnumerable<string> Programs => _programs.MostFrequent(Usage.MostListed);

    /// <summary>Logins of the kind.</summary>
    public long Logins { get; private set; }

    /// <summary>When the last of them was.</summary>
    public DateTimeOffset Last { get; private set; }

    /// <summary>Why, in words: what the clients offer, what is wanted, and how often they were seen from where.</summary>
    public string Because
    {
        get
        {
            string[] reasons =
            [
                .. _offers.MostFrequent(Usage.MostListed), .. Minimum is { } minimum ? [$"minimum is {minimum.Number()}"] : Array.Empty<string>(),
            ];
            var seen = ClientWords.OfLogins(
                Logins, string.Join(" and ", Networks), string.Join(" and ", Programs.Select(AccessLogText.Words)), Last);
            return reasons.Length > 0 ? $"{string.Join(", ", reasons)}; {seen}" : seen;
        }
    }

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

        if (ClientWords.OfOffer(login.Offer, login.Tls, login.HasWeakCipher) is { } offer)
        {
            _offers.Add(offer, login.Count);
        }
    }
}
