using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Users;

namespace TlsFront.Policies;

/// <summary>
/// What a policy would decide, by its files as they are now, for reports. Of a share of connections every one counts: whether a certain one is in
/// it nobody knows before.
/// </summary>
internal sealed class PolicyPreview
{
    private readonly Policy _policy;

    /// <param name="draft">The policy, with its place.</param>
    public PolicyPreview(Draft<PolicySettings> draft)
    {
        Settings = draft.Settings;
        Place = $"{draft.Scope.Origin} \"{draft.Settings.Name}\"";
        _policy = new Policy(
            Settings.SampleOf == SampleOf.Connections ? Settings with { Sample = null } : Settings,
            static path => NetworkFile.Read(path).Networks ?? NetworkSet.Empty,
            static path => UserFile.Read(path).Users ?? UserSet.Nobody);
    }

    /// <summary>The policy.</summary>
    public PolicySettings Settings { get; }

    /// <summary>Where it stands: file, line and name.</summary>
    public string Place { get; }

    /// <summary>What a client is told by it; null for nothing.</summary>
    public string? Told => _policy.Refusal?.Words ?? _policy.Alert;

    /// <inheritdoc cref="Policy.Judge"/>
    public PolicyCondition Judge(in PolicySubject subject) => _policy.Judge(subject);
}
