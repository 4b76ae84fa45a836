using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Yaml;

namespace TlsFront.Configuration.Reading;

/// <summary>
/// Reads policies that somebody wants to try, under the settings in force. The text may be a stranger's: it has its own keys and nothing of the
/// environment, no file that it names is looked for, and what it can hold bounds the time that it takes.
/// </summary>
internal static class PolicyText
{
    /// <summary>What stands for the file in places and problems.</summary>
    public const string Source = "pasted";

    /// <summary>Policies, many times what anybody can keep in mind. Each is compared with those above it.</summary>
    private const int MaximumPolicies = 50;

    /// <summary>Values of them all: for each section the reader goes through all keys, so that the time grows with the square.</summary>
    private const int MaximumKeys = 2000;

    /// <summary>Reads a <c>policies</c> section in YAML; the settings of the result are <paramref name="inForce"/> with these policies.</summary>
    public static SettingsResult Read(byte[] text, GatewaySettings inForce)
    {
        var problems = new ProblemList();
        var root = new ConfigurationBuilder().Add(new YamlConfigurationSource(new(Source, text, Failure: null))).Build();
        var yaml = root.Providers.OfType<YamlConfigurationProvider>().Single();
        problems.AddSyntax(yaml.Problems);
        if (yaml.IsComplete)
        {
            problems.AddSyntax(Excess(root, yaml));
        }

        if (problems.HasErrors)
        {
            return new(null, problems.ToList());
        }

        var policies = PolicySettingsReader.Read(SettingsScope.WithoutFiles(root, problems, Source));
        PolicyRules.Check(policies, inForce.Listeners);
        var settings = inForce with { Policies = [.. policies.Select(static draft => draft.Settings)] };
        return new(problems.HasErrors ? null : settings, problems.ToList()) { Policies = policies };
    }

    /// <summary>What there must not be.</summary>
    private static IEnumerable<Problem> Excess(IConfigurationRoot root, YamlConfigurationProvider yaml)
    {
        if (yaml.Count > MaximumKeys)
        {
            yield return Error(null, $"has more than {MaximumKeys} values", "try fewer policies at a time");
        }
        else if (root.GetSection(PolicySchema.Section.Key).GetChildren().Count() > MaximumPolicies)
        {
            yield return Error(PolicySchema.Section.Key, $"has more than {MaximumPolicies} entries", "try fewer policies at a time");
        }
        else
        {
            foreach (var other in root.GetChildren().Where(
                static child => !child.Key.Equals(PolicySchema.Section.Key, StringComparison.OrdinalIgnoreCase)))
            {
                yield return Error(
                    other.Key, "is not read here: only policies can be pasted; everything else comes from the active configuration", "remove it");
            }
        }

        Problem Error(string? key, string message, string remedy) => new(
            Severity.Error, key is not null && yaml.Find(key) is { } origin ? origin : new(Source), key ?? "", null, message, remedy);
    }
}
