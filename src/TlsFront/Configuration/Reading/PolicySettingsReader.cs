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

            if (policy is { From: { } from, Until: { } until } && from >= until)
            {
                scope.Fail(
                    PolicySchema.Until,
                    new($"is not after from, {new InstantType().Format(from)}", "write a later moment, or remove one of the two"));
            }

            if (policy.Transport == LoginTransport.Cleartext)
            {
                foreach (var setting in (Setting[])[PolicySchema.ServerNames, PolicySchema.Ja4, PolicySchema.TlsBelow, PolicySchema.Cipher])
                {
                    if (scope.Has(setting))
                    {
                        scope.Fail(setting, new("is about TLS, which logins in cleartext do not have", "remove it, or transport: cleartext"));
                    }
                }
            }

            if (policy is { IsException: true, NamesLegacy: true, Until: null } && !scope.Has(PolicySchema.Until))
            {
                scope.Fail(PolicySchema.Until, new(
                    "is missing: a policy that lets TLS before 1.2 in needs an end", "write the day by which those devices are replaced"));
            }

            if (scope.HasValid(PolicySchema.Action))
            {
                if (policy.Action != PolicyAction.Warn)
                {
                    scope.WarnUseless("it is for warnings", "write action: warn, or remove it", PolicySchema.Alert);
                }

                if (policy.Action == PolicyAction.Allow || policy is { Action: PolicyAction.Warn, IsAlerting: false })
                {
                    scope.WarnUseless("nobody is told", "write action: refuse, or warn and alert: on, or remove it", PolicySchema.Message);
                }
            }

            if (policy.Sample is null)
            {
                scope.WarnUseless("there is no sample", "write sample, such as 10%, or remove it", PolicySchema.SampleOf);
            }

            policies.Add(new(scope, policy));
        }

        return policies;
    }
}
