using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using YamlDotNet.Core;

namespace TlsFront.Tests.Configuration.Schema;

/// <summary>The JSON schema as a validator understands it, and what it must have in common with the reader.</summary>
internal static class PublishedSchema
{
    /// <summary>
    /// Mistakes that a schema cannot see: rules between settings, files, ranges of durations and sizes, YAML's own, and a second spelling of a key.
    /// What is not named here and the reader refuses, the schema must refuse.
    /// </summary>
    private static readonly Regex Unseen = new(string.Join('|',
        "^is out of range$", "^has bits beyond its prefix$", "^is (used by|the name of another)", "^overlaps with",
        "^is not the name of a (backend|listener)",
        "^has protocol tcp, where no login is seen$", "^is not after from", "^is missing: a policy that",
        "^is too old for protocol tcp", "^needs the native engine", "^is not in the calendar$",
        "^serves another listener's",
        "^leads back to the gateway", "^is already a (name|user) of this (listener's routes|route)", "^is missing, and so is users$",
        "^there is no ", "^is listed twice$",
        "^has no meaning (where|without)", "^applies to protocol smtp only$", "^does not apply to protocol tcp",
        "^cannot be read by ", "which does not speak ", "^is nothing that ", "^does not go together with ", "^has identity ",
        "holds no certificate$", " cannot be read: ", ":[0-9]+ sets ", "^uses an anchor", "^has a YAML tag", "^is set twice",
        "^SENDS PASSWORDS IN CLEAR", "^holds a user name, which is not sent$"));

    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromText(SettingsJsonSchema.Write()));

    /// <summary>What the schema says of <paramref name="value"/>, each with its place; nothing if it is valid.</summary>
    public static IReadOnlyList<string> Errors(JsonNode? value) => Errors(Schema.Value, value);

    /// <inheritdoc cref="Errors(JsonNode?)"/>
    public static IReadOnlyList<string> Errors(JsonSchema schema, JsonNode? value)
    {
        using var document = JsonDocument.Parse(value?.ToJsonString() ?? "null");
        var results = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        // A "not" fails without words.
        return results.IsValid ? [] : ["/: is not valid", .. from detail in results.Details ?? []
                                                             from error in detail.Errors ?? new Dictionary<string, string>()
                                                             select $"{detail.InstanceLocation}: {error.Key} {error.Value}"];
    }

    /// <summary>What the schema says of a file, by YAML 1.2 or 1.1.</summary>
    public static IReadOnlyList<string> Errors(string yaml, bool version11 = false) => Errors(YamlValue.Read(yaml, version11));

    /// <summary>Asserts that the schema takes what the reader takes, and refuses what the reader refuses as far as a schema can see it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="result">What the reader says of it; what it says of other files, which it names, is not the schema's.</param>
    public static void Agrees(string path, SettingsResult result)
    {
        var yaml = File.ReadAllText(path);
        var expressible = result.Problems.Where(
            problem => problem.Severity == Severity.Error && problem.Origin.Source == path && !Unseen.IsMatch(problem.Message)).ToList();
        foreach (var version11 in new[] { false, true })
        {
            IReadOnlyList<string> errors;
            try
            {
                errors = Errors(yaml, version11);
            }
            catch (YamlException)
            {
                return;
            }

            if (result.Settings is not null)
            {
                Assert.True(errors.Count == 0, $"the schema refuses what the reader takes: {string.Join("; ", errors)}\n{yaml}");
            }
            else if (expressible.Count > 0)
            {
                Assert.True(errors.Count > 0, $"the schema takes what the reader refuses: {string.Join("; ", expressible)}\n{yaml}");
            }
        }
    }
}
