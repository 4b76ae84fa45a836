using System.Text.Json.Nodes;
using Json.Schema;
using TlsFront.Tests.Architecture;
using TlsFront.Tests.Configuration.Schema;

namespace TlsFront.Tests.Chart;

/// <summary>What is written from the comments of the chart's values, and what it is worth.</summary>
public sealed class ChartDocumentsTests
{
    private static readonly ChartValue Values = ChartValues.Read();

    private static readonly JsonSchema Schema = JsonSchema.FromText(ChartSchema.Write(Values));

    [Fact, Trait("Writes", "Documents")]
    public void The_charts_README_shows_every_value() =>
        GeneratedDocument.AssertPart($"{ChartValues.Folder}/README.md", "values", ChartTable.Write(Values));

    [Fact, Trait("Writes", "Documents")]
    public void The_charts_schema_is_that_of_its_values_and_of_the_settings() =>
        GeneratedDocument.AssertFile($"{ChartValues.Folder}/values.schema.json", ChartSchema.Write(Values));

    [Fact]
    public void Every_value_is_described_and_has_a_type()
    {
        var undescribed = Values.All.Where(static value => value.Members.Count == 0 && value.Text.Length == 0).Select(static value => value.Path);
        Assert.Empty(undescribed);
        // Null has no type of its own, and what a list holds does not show in an empty one.
        var untyped =
            Values.All.Where(static value => (value.Default is null && !value.Schema.ContainsKey("type") && !value.Schema.ContainsKey("enum"))
            || (value.Default is JsonArray && !value.Schema.ContainsKey("items") && !value.Path.StartsWith("config.", StringComparison.Ordinal)));
        Assert.Empty(untyped.Select(static value => value.Path));
    }

    [Fact]
    public void The_schema_is_valid_by_the_schema_of_schemas() =>
        Assert.Empty(PublishedSchema.Errors(MetaSchemas.Draft7, JsonNode.Parse(ChartSchema.Write(Values))));

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(PublishedSchema.Errors(Schema, Values.Default));

    [Fact]
    public void Values_of_every_deployment_are_valid()
    {
        var files = Directory.GetFiles(RepositoryRoot.PathOf($"{ChartValues.Folder}/ci"), "*-values.yaml");
        Assert.NotEmpty(files);
        Assert.All(files, static file => Assert.Empty(PublishedSchema.Errors(Schema, YamlValue.Read(File.ReadAllText(file), version11: true))));
    }

    [Fact]
    public void A_name_that_no_group_has_is_refused_in_every_group()
    {
        var groups = Values.All.Where(static value => value.Members.Count > 0).Select(static value => value.Path).Prepend("").ToList();
        Assert.True(groups.Count > 15, $"{groups.Count} groups");
        foreach (var group in groups)
        {
            var values = Values.Default!.DeepClone();
            var place = group.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(values, static (node, key) => node[key]!);
            place["typo"] = "x";
            Assert.True(PublishedSchema.Errors(Schema, values).Count > 0, group);
        }
    }

    /// <summary>By null, values take a setting back; in a list, or where there is no default, too.</summary>
    [Theory]
    [InlineData("drain", """null""")]
    [InlineData("drain", """{ "timeout": null }""")]
    [InlineData("certificates", """null""")]
    [InlineData("listeners", """[{ "name": "imaps", "address": "*:10993", "protocol": "imap", "backend": "dovecot", "authentication": null }]""")]
    public void A_setting_may_be_null(string key, string value)
    {
        var values = Values.Default!.DeepClone();
        values["config"]![key] = JsonNode.Parse(value);
        Assert.Empty(PublishedSchema.Errors(Schema, values));
    }
}
