using TlsFront.Configuration.Schema;
using TlsFront.Connections;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads <c>policies</c>.</summary>
internal static class PolicySettingsReader
{
    /// <summary>Reads all policies.</summary>
    public static IReadOnlyList<Draft<PolicySettings>> Read(SettingsScope root)
    {
        var policies = new List<Draft<PolicySettings>>();
        foreach (var scope in root.Items(PolicySchema.Section))
        {
            var policy = PolicySchema.Section.Read(scope, PolicySchema.Section.Defaults);
            if (policy.Name is not null && policies.Exists(other => other.Settings.Name == policy.Name))
            {
                scope.Fail(PolicySchema.Name, new("is the name of another policy", "give each its own name"));
            }

            if (policy.From >= policy.Until)
            {
                scope.Fail(PolicySchema.Until, new("is not after from", "write a later moment, or remove one of the two"));
            }

            if (scope.HasValid(PolicySchema.Action) && policy.Action != PolicyAction.Refuse)
            {
                scope.WarnUseless("nobody is refused", "write action: refuse, or remove it", PolicySchema.Message);
            }

            policies.Add(new(scope, policy));
        }

        return policies;
    }
}
