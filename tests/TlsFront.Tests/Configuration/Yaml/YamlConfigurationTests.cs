using System.Text;
using TlsFront.Configuration;
using TlsFront.Configuration.Yaml;

namespace TlsFront.Tests.Configuration.Yaml;

public sealed class YamlConfigurationTests
{
    [Fact]
    public void Mappings_and_lists_become_configuration_keys_with_their_lines()
    {
        var content = Read("""
            # comment
            hostname: a.example
            listeners:
              - { name: one, address: "*:1" }
              - name: two
                tls:
                  profile: modern
            empty:
            quoted: ""
            none: []
            """);

        Assert.Empty(content.Problems);
        Assert.True(content.IsComplete);
        Assert.Equal(
            [
                "empty=(null)", "hostname=a.example", "listeners:0:address=*:1", "listeners:0:name=one", "listeners:1:name=two",
                "listeners:1:tls:profile=modern", "none=(null)", "quoted="
            ],
            content.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value ?? "(null)"}"));
        Assert.Equal(
            [("empty", 8), ("hostname", 2), ("listeners", 3), ("listeners:0", 4), ("listeners:1", 5), ("listeners:1:tls:profile", 7), ("none", 10)],
            new[]
            {
                "empty", "hostname", "listeners", "listeners:0", "listeners:1", "listeners:1:tls:profile", "none"
            }.Select(key => (key, content.Lines[key])));
    }

    [Theory]
    [InlineData("hostname: a\nhostname: b", 2, "is set twice, first in line 1")]
    [InlineData("hostname: a\nHostName: b", 2, "is set twice, first in line 1")]
    [InlineData("tls: { profile: modern, profile: modern }", 1, "is set twice, first in line 1")]
    [InlineData("listeners:\n\t- name: a", 2, "is indented with a tab, which YAML forbids")]
    [InlineData("hostname: a\n---\nhostname: b", 2, "holds more than one document")]
    [InlineData("hostname: &name a", 1, "uses an anchor")]
    [InlineData("tls: &tls { profile: modern }\nlisteners:\n  - tls: *tls", 3, "uses an anchor")]
    [InlineData("tls:\n  <<: { profile: modern }", 2, "uses an anchor")]
    [InlineData("hostname: *a", 1, "uses an anchor")]
    [InlineData("hostname: !!str a", 1, "has a YAML tag")]
    [InlineData("hostname: a\nbackends: [ }", 2, "is not valid YAML")]
    [InlineData("hostname: \"a", 1, "is not valid YAML")]
    [InlineData("hostname: a\n  b: c", 2, "is not valid YAML")]
    [InlineData("- a\n- b", 1, "is not a list of settings")]
    [InlineData("just words", 1, "is not a list of settings")]
    [InlineData("\"a:b\": c", 1, "is a key that no setting has")]
    [InlineData("? [a, b]\n: c", 1, "has a list or a mapping as a key")]
    [InlineData("hostname: a\nb: \u0007", 2, "holds the control character U+0007")]
    [InlineData("a: [[[[[[[[[[1]]]]]]]]]]", 1, "it is nested deeper than any setting")]
    public void What_a_configuration_must_not_hold_is_told_with_its_line(string yaml, int line, string message) =>
        Assert.Contains(
            Read(yaml).Problems,
            problem =>
                problem.Severity == Severity.Error && problem.Origin.Line == line && problem.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void The_first_of_two_equal_keys_stands_and_the_rest_of_the_file_is_read()
    {
        var content = Read("hostname: a\nhostname: b\nhostname: { c: d }\nlog: { level: debug }");
        Assert.Equal(2, content.Problems.Count);
        Assert.Equal(("a", "debug"), (content.Values["hostname"], content.Values["log:level"]));
    }

    [Fact]
    public void Text_in_another_encoding_is_told_with_its_line()
    {
        Assert.Equal((2, "is not UTF-8 text"), Only([.. "hostname: a\n# "u8, 0xE9, .. "t"u8]));
        Assert.Equal((1, "is UTF-16 text"), Only([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("hostname: a")]));
        Assert.Empty(YamlContent.Read(new("f", [.. Encoding.UTF8.Preamble, .. "hostname: a"u8], null)).Problems);
    }

    [Fact]
    public void A_file_larger_than_a_mebibyte_is_not_read()
    {
        using var folder = new SettingsFolder(new string('#', SettingsFile.MaximumSize + 1));
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal((folder.Path, null, "is larger than 1 MiB"), (problem.Origin.Source, problem.Origin.Line, problem.Message));
    }

    [Fact]
    public void A_file_that_is_missing_or_a_folder_is_told_by_its_path()
    {
        using var folder = new SettingsFolder();
        foreach (
            var (path, message) in new[]
            {
                (folder.At("none.yaml"), "does not exist"), (folder.At("no/where.yaml"), "does not exist"), (folder.Folder, "is a folder")
            })
        {
            var problem = Assert.Single(new SettingsLoader(path, [], []).Load().Problems);
            Assert.Equal((path, message), (problem.Origin.ToString(), problem.Message));
        }
    }

    private static YamlContent Read(string yaml) => YamlContent.Read(new("tlsfront.yaml", Encoding.UTF8.GetBytes(yaml), null));

    private static (int?, string) Only(byte[] content)
    {
        var problem = Assert.Single(YamlContent.Read(new("tlsfront.yaml", content, null)).Problems);
        return (problem.Origin.Line, problem.Message);
    }
}
