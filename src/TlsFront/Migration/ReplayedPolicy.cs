using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Policies;

namespace TlsFront.Migration;

/// <summary>A policy of other settings, which may want to know more of a client's address than was kept.</summary>
internal sealed class ReplayedPolicy
{
    private static readonly InstantType Instant = new();

    private readonly PolicyPreview _policy;
    private readonly PolicyPreview _anywhere;
    private readonly NetworkSet[] _networks;

    /// <param name="draft">The policy, with its place.</param>
    public ReplayedPolicy(Draft<PolicySettings> draft)
    {
        // Of times as of shares: that it can happen is what matters.
        var settings = draft.Settings with { During = [] };
        IsTemporary = draft.Settings.IsTemporary;
        _policy = new(draft with { Settings = settings });
        _anywhere = new(draft with { Settings = settings with { Networks = null } });
        _networks = settings.Networks is { } list
            ? [list.Networks, .. list.Files.Select(static path => NetworkFile.Read(path).Networks ?? NetworkSet.Empty)] : [];
    }

    /// <summary>Whether it refuses now and then only, with an answer that makes programs try again.</summary>
    public bool IsTemporary { get; }

    /// <summary>Where it stands: file, line and name.</summary>
    public string Place => _policy.Place;

    /// <summary>What it would do to a login that it matches; null if it lets it in.</summary>
    public WhatIfEffect? Effect => _policy.Settings.Action switch
    {
        PolicyAction.Refuse => IsTemporary ? WhatIfEffect.Temporary : WhatIfEffect.Refused,
        PolicyAction.Warn => WhatIfEffect.Warned,
        _ => null,
    };

    /// <summary>Whether it matches; null if that depends on a part of the address that was not kept.</summary>
    public bool? Matches(ObservedLogin login, in PolicySubject subject) =>
        login.IsTruncated && _networks.Length > 0 && IsDivided(login)
            ? (_anywhere.Judge(subject) == PolicyCondition.None ? null : false)
            : _policy.Judge(subject) == PolicyCondition.None;

    /// <summary>Why it matches nothing at <paramref name="moment"/>, in words; null if it may match.</summary>
    public string? IdleAt(DateTimeOffset moment) => _policy.Settings switch
    {
        { From: { } from } when from > moment => $"{Place} applies from {Instant.Format(from)} on: it matches nothing before",
        { Until: { } until } when until <= moment => $"{Place} applied until {Instant.Format(until)}: it matches nothing any more",
        _ => null,
    };

    private bool IsDivided(ObservedLogin login)
    {
        var network = ClientNetwork.At(login.Client);
        return !Array.Exists(_networks, set => set.Contains(login.Client) && !set.HoldsPartOf(network))
            && Array.Exists(_networks, set => set.HoldsPartOf(network));
    }
}
