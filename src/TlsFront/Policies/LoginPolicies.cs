using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>
/// The policies in force, by the settings and the files they name. Sessions read without a lock; a broken file keeps its last good content.
/// </summary>
internal sealed class LoginPolicies : ISettingsFiles, IDisposable
{
    /// <summary>
    /// Checks that must find a file empty that was not, half a minute: one that is written over begins with nothing, and a list of nobody lets
    /// everybody in, or nobody.
    /// </summary>
    private const int ChecksOfEmpty = 30;

    private readonly WatchedFiles<NetworkSet> _networks;
    private readonly WatchedFiles<UserSet> _users;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private IReadOnlyList<PolicySettings> _inForce;
    private volatile Policy[] _policies = [];

    public LoginPolicies(SettingsStore settings, ILogger<LoginPolicies> logger)
    {
        _networks = new("Networks of policies", ReadNetworks, logger, ChecksOfEmpty);
        _users = new("Users of policies", ReadUsers, logger, ChecksOfEmpty);
        _inForce = settings.Current.Policies;
        var change = Prepare(_inForce);
        Problems = change.Problems;
        change.Commit();
        _subscription = settings.Subscribe("policies", (_, now) => Prepare(now.Policies));
    }

    /// <summary>Why files could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files => [.. _networks.States, .. _users.States];

    /// <summary>Decides on a login by the first policy that matches.</summary>
    public LoginDecision Decide(in PolicySubject subject)
    {
        foreach (var policy in _policies)
        {
            if (policy.Judge(subject) == PolicyCondition.None)
            {
                return new(policy.Settings, policy.Settings.Action, policy.Refusal, policy.Alert);
            }
        }

        var refusal = PolicyWords.RefusalWithoutPolicy(subject);
        return new(null, refusal is null ? PolicyAction.None : PolicyAction.Refuse, refusal, Alert: null);
    }

    /// <summary>
    /// Whether a policy may let somebody in, by what is known before a login: what <paramref name="client"/> has of program and user does not count.
    /// </summary>
    public bool MayLetIn(in PolicySubject client)
    {
        foreach (var policy in _policies)
        {
            var missed = policy.Judge(client);
            if (policy.Settings.Action != PolicyAction.Refuse
                ? missed is PolicyCondition.None or PolicyCondition.Program or PolicyCondition.User or PolicyCondition.Sample
                : missed == PolicyCondition.None && policy.Settings is not { Sample: not null, SampleOf: SampleOf.Users })
            {
                return policy.Settings.Action != PolicyAction.Refuse;
            }
        }

        return false;
    }

    public void Refresh()
    {
        if (_networks.Refresh() | _users.Refresh())
        {
            Publish();
        }
    }

    public void Dispose() => _subscription.Dispose();

    private PreparedChange Prepare(IReadOnlyList<PolicySettings> now)
    {
        var networks = _networks.Prepare(now.SelectMany(static policy => policy.Networks?.Files ?? []));
        var users = _users.Prepare(now.SelectMany(static policy => policy.Users?.Files ?? []));
        return new(() =>
        {
            lock (_gate)
            {
                networks.Commit();
                users.Commit();
                _inForce = now;
                Publish();
            }
        })
        {
            Problems = [.. networks.Problems, .. users.Problems],
        };
    }

    private void Publish()
    {
        lock (_gate)
        {
            _policies =
            [
                .. _inForce.Select(policy => new Policy(
                    policy,
                    path => _networks.Get(path).Content ?? NetworkSet.Empty,
                    path => _users.Get(path).Content ?? UserSet.Nobody)),
            ];
        }
    }

    private static (NetworkSet? Content, IReadOnlyList<Problem> Problems) ReadNetworks(string path)
    {
        var (networks, problems) = NetworkFile.Read(path);
        return (networks, Of(path, problems));
    }

    private static (UserSet? Content, IReadOnlyList<Problem> Problems) ReadUsers(string path)
    {
        var (users, problems) = UserFile.Read(path);
        return (users, Of(path, problems));
    }

    /// <summary>With the line in front: no setting has it.</summary>
    private static IReadOnlyList<Problem> Of(string path, IReadOnlyList<LineProblem> problems) =>
        [.. problems.Select(problem => problem.In(path) with { Setting = new Origin(path, problem.Line).ToString() })];
}
