using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Json.Schema;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Configuration.Schema;

/// <summary>
/// The published schema beside the reader. Every file that goes through <see cref="SettingsFolder.Load"/> in any test is held against both as well.
/// </summary>
public sealed class SettingsJsonSchemaTests
{
    private const string Published = "deploy/schema/tlsfront.schema.json";

    /// <summary>What values are made of.</summary>
    private static readonly string[] Pieces =
    [
        "0", "1", "5", "15", "64", "128", "465", "65535", "65536", "1000000", "h", "m", "s", "ms", "KB", "MB", "B", "kb", "/", ".", ":", "-", "_",
        "*", "[", "]", "%", "@", " ", "é",
        "a", "F", "x", "mail", "example", "com", "10.0.0.0", "192.168.1.255", "256.1.1.1", "::", "fd00::5", "::1", "fe80::1", "0x7f", "http://",
        "https://", "ftp://", "./", "/etc/x",
        "on", "off", "true", "none", "1.2", "1.3", "reject", "implicit", "postfix", "leastSessions",
    ];

    /// <summary>Reasons of the reader that a schema cannot know; see <see cref="PublishedSchema"/> for those between settings.</summary>
    private static readonly Regex Unseen = new(string.Join('|',
        "^is out of range$", "^has bits beyond its prefix$",
        // Digits beyond all measure, and what looks like IPv6 or a URL and is none.
        "^is not a duration$", "^is not an (IP )?address", "^is not an http or https URL$", "^has no IPv6 address between its brackets$",
        "^is longer than 253 characters$", "^has a part longer than 63 characters$", "^is no address to connect from$"));

    [Fact]
    [Trait("Writes", "Documents")]
    public void The_published_schema_is_that_of_the_settings() => GeneratedDocument.AssertFile(Published, SettingsJsonSchema.Write());

    [Fact]
    public void The_schema_is_valid_by_the_schema_of_schemas() =>
        Assert.Empty(PublishedSchema.Errors(MetaSchemas.Draft7, JsonNode.Parse(SettingsJsonSchema.Write())));

    /// <summary>Go's regular expressions, which Helm's validator uses, know neither look-around nor references back.</summary>
    [Fact]
    public void Patterns_are_those_that_every_validator_knows() =>
        Assert.DoesNotMatch(@"\(\?|\\[1-9dwb]", SettingsJsonSchema.Write());

    [Fact]
    public void Every_group_is_closed_and_everything_is_described()
    {
        var (groups, members) = (0, 0);
        Walk(SettingsJsonSchema.Configuration(allowsNull: false));
        Assert.True(groups > 15 && members > 80, $"{groups} groups, {members} members");

        void Walk(JsonObject group)
        {
            groups++;
            Assert.False((bool)group["additionalProperties"]!);
            foreach (var (key, value) in (JsonObject)group["properties"]!)
            {
                members++;
                var member = (JsonObject)value!;
                Assert.False(string.IsNullOrEmpty((string?)member["description"]), key);
                Assert.True(member["type"] is not null || member["enum"] is not null, key);
                if ((member["items"] ?? member) is JsonObject inner && inner.ContainsKey("properties"))
                {
                    Walk(inner);
                }
            }
        }
    }

    [Fact]
    public void A_default_is_valid_by_its_own_schema()
    {
        var count = 0;
        foreach (var (path, setting) in Settings())
        {
            var schema = setting.ToJsonSchema();
            if (schema["default"] is { } value)
            {
                count++;
                Assert.True(PublishedSchema.Errors(JsonSchema.FromText(schema.ToJsonString()), value).Count == 0, path);
            }
        }
        Assert.True(count > 30, $"{count} defaults");
    }

    /// <summary>What depends on the machine would make another schema of each.</summary>
    [Fact]
    public void A_default_in_words_is_described_and_not_given() =>
        Assert.All(Settings().Where(entry => entry.Path == "native.loops"), entry =>
        {
            Assert.False(entry.Setting.ToJsonSchema().ContainsKey("default"));
            Assert.Contains("Default: one per processor.", (string?)entry.Setting.ToJsonSchema()["description"], StringComparison.Ordinal);
        });

    [Fact]
    public void The_schema_takes_what_the_reader_takes_and_nothing_that_it_could_know_better()
    {
        var text = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[1, 6].Select(string.Concat);
        foreach (var (path, setting) in Settings().DistinctBy(entry => $"{entry.Setting.Description} {entry.Setting.GetType()}"))
        {
            dynamic type = setting.GetType().GetProperty("Type")!.GetValue(setting)!;
            var schema = JsonSchema.FromText(((JsonObject)SchemaOf(setting)).ToJsonString());
            text.Sample(value => Compare(path, (object)type, schema, value.Trim()), iter: 2000);
            foreach (var piece in Pieces)
            {
                Compare(path, (object)type, schema, piece.Trim());
            }
        }
    }

    [Fact]
    public void The_example_of_the_README_is_valid() =>
        Assert.All(Regex
            .Matches(File.ReadAllText(RepositoryRoot.PathOf("README.md")), "(?s)```yaml\n(hostname:.*?)```")
            .Select(match => match.Groups[1].Value),
            example => Assert.Empty(PublishedSchema.Errors(example)));

    [Theory]
    [InlineData("hostname: 5")]
    [InlineData("hostname: mail")]
    [InlineData("hostname: 10.0.0.1")]
    [InlineData("hostname: ma_il.example.com")]
    [InlineData("certificates: []")]
    [InlineData("listeners: 465")]
    [InlineData("engine: both")]
    [InlineData("tls: modern")]
    [InlineData("tls: { minimumVersion: 1.1 }")]
    [InlineData("received: { group: yes please }")]
    [InlineData("drain: { delay: 15 }")]
    [InlineData("drain: { delay: 1m1h }")]
    [InlineData("drain: { delay: }")]
    [InlineData("timeouts: { handshake: 0 }")]
    [InlineData("limits: { connections: 0 }")]
    [InlineData("limits: { connectionRate: 60 }")]
    [InlineData("limits: { exempt: [10.0.0.300] }")]
    [InlineData("limits: { exempt: [10.0.0.0/33] }")]
    [InlineData("native: { buffer: 64 }")]
    [InlineData("admin: { address: 9090 }")]
    [InlineData("telemetry: { otlpEndpoint: collector:4317 }")]
    [InlineData("hostnmae: mail.example.com")]
    public void Mistakes_are_refused_by_both(string line)
    {
        var key = line.Split(':')[0];
        var yaml = string.Join(
            '\n', SettingsFolder.Good.Split('\n').SkipWhile(other => other.StartsWith(key + ":", StringComparison.Ordinal)).Append(line));
        if (key is "certificates" or "listeners")
        {
            yaml = Regex.Replace(SettingsFolder.Good, $"(?m)^{key}:\n(  .*\n)+", line + "\n");
        }
        using var folder = new SettingsFolder(yaml);
        Assert.Null(folder.Load().Settings);
        Assert.NotEmpty(PublishedSchema.Errors(yaml));
        Assert.NotEmpty(PublishedSchema.Errors(yaml, version11: true));
    }

    /// <summary>Values of a chart take a default back with null; what must be there must be there.</summary>
    [Fact]
    public void Null_is_a_default_to_those_who_ask_for_it()
    {
        var schema = JsonSchema.FromText(SettingsJsonSchema.Configuration(allowsNull: true).ToJsonString());
        var value = (JsonObject)YamlValue.Read(SettingsFolder.Good, version11: true)!;
        foreach (var section in SettingsSchema.Root.Sections.Where(section => !section.IsList))
        {
            value[section.Key] = new JsonObject(section.Settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)null)));
        }
        Assert.Empty(PublishedSchema.Errors(schema, value));
        Assert.NotEmpty(PublishedSchema.Errors(value));

        value["hostname"] = null;
        Assert.NotEmpty(PublishedSchema.Errors(schema, value));
        value["hostname"] = "mail.example.com";
        value["listeners"] = null;
        Assert.NotEmpty(PublishedSchema.Errors(schema, value));
    }

    /// <summary>Helm makes booleans of on and off before it writes the file.</summary>
    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void A_switch_may_be_a_boolean(string word, bool expected)
    {
        using var folder = new SettingsFolder($"{SettingsFolder.Good}\nreceived: {{ group: {word} }}");
        Assert.Equal(expected, folder.Load().Settings?.Received.Group);
    }

    private static void Compare(string path, dynamic type, JsonSchema schema, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        (bool isTaken, ValueProblem? problem) = ((bool, ValueProblem?))TryParse(type, text);
        // What YAML makes of it without quotes, unless it means something to YAML.
        var plain = text.IndexOfAny([':', '[', ']', '*', '%', '@', '-']) < 0 && text != "..." ? YamlValue.Read(text, version11: false) : text;
        var isValid = PublishedSchema.Errors(schema, plain).Count == 0;
        if (isTaken && !isValid)
        {
            Assert.True(IsOtherwise(schema, plain, text), $"{path}: the schema refuses '{text}'");
        }
        else if (!isTaken && isValid && !IsOddNumber(plain, text))
        {
            Assert.True(Unseen.IsMatch(problem!.Message), $"{path}: the schema takes '{text}', which {problem.Message}");
        }
    }

    /// <summary>Words in another case, and text that YAML makes a number or a boolean where a name or path of that form is meant.</summary>
    private static bool IsOtherwise(JsonSchema schema, JsonNode? plain, string text) =>
        plain is not JsonValue value || !value.TryGetValue<string>(out _) ? PublishedSchema.Errors(schema, text).Count == 0
            : PublishedSchema.Errors(schema, text.ToLowerInvariant()).Count == 0;

    /// <summary>To a validator 5. and 5.0 are 5.</summary>
    private static bool IsOddNumber(JsonNode? plain, string text) =>
        plain is JsonValue value && value.TryGetValue<decimal>(out var number) && number.ToString("G29", CultureInfo.InvariantCulture) != text;

    private static (bool IsTaken, ValueProblem? ValueProblem) TryParse<T>(SettingType<T> type, string text) =>
        type.TryParse(text, out _, out var problem) ? (true, null) : (false, problem);

    private static JsonNode SchemaOf(Setting setting)
    {
        var schema = setting.ToJsonSchema();
        return schema["items"] is { } items ? items.DeepClone() : schema;
    }

    private static IEnumerable<(string Path, Setting Setting)> Settings() => Settings(SettingsSchema.Root, "");

    private static IEnumerable<(string Path, Setting Setting)> Settings(SettingsSection section, string prefix) =>
        section.Settings.Select(setting => (prefix + setting.Key, setting))
            .Concat(section.Sections.SelectMany(inner => Settings(inner, $"{prefix}{inner.Key}.")));
}
