using System.Globalization;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Configuration.Yaml;
using TlsFront.Tests.Configuration;

namespace TlsFront.Fuzzing.Targets;

/// <summary>The configuration file: it ends with settings or with errors that name their line, and what was read is what was written.</summary>
internal sealed class YamlTarget : IFuzzTarget
{
    private const string Path = "tlsfront.yaml";

    /// <inheritdoc/>
    public string Name => "yaml";

    /// <inheritdoc/>
    public int MaximumLength => 2048;

    /// <inheritdoc/>
    public long MaximumAllocation => 64 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds { get; } = Bytes.Of(
        SettingsFolder.Good, "hostname: mail.example.com\ntls: { profile: modern }\ntimeouts:\n  connect: 5s\nlimits:\n  connections: 1000\n",
        "a: &a [x, x]\nb: [*a, *a]\n", "a: |\n  x\n  y\nb: >-\n  z\n",
        "a: \"\\u00e9\\n\"\n? b\n: c\n", "---\n...\n", "%YAML 1.2\n---\na: 1\n", "admin:\n  address: 127.0.0.1:9090\nlog: {}\n");

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = Bytes.Of(
        "hostname", "listeners", "certificates", "backends", "tls", "profile", "name", "kind", "path", "address", "protocol", "security", "backend",
        "destinations", "timeouts", "limits", "admission", "log",
        "admin", "telemetry", "drain", "received", "proxyProtocol", "health", "queue", "trustedNetworks", "10.0.0.0/8", "[::1]:25", "*:465", "smtp",
        "imap", "1h", "5s", "64KiB", "10/s", "modern", "a", "0", "true",
        ": ", ":", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ",", "\"", "'", "|", ">", "|-\n", "*a", "&a ", "!!str ", "!", "<<", "? ", "# ",
        "---", "...", "%YAML 1.2\n", "%TAG ! x\n", "~", "null",
        "\\x", "\\", "@", "`", "\t", " ", "\xc3\xa9", "\xe2\x80\xa8", "\xc2\x85", "\r", "\r\n", "\xef\xbb\xbf", "\xf0\x9f\x93\xa7", "[[[[[[[[[[[[[",
        "{a: {a: {a: {a: ");

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        var file = new SettingsFile(Path, input, null);
        var content = YamlContent.Read(file);
        var lines = input.Count(octet => octet is (byte)'\n' or (byte)'\r') + 1 + CountOtherBreaks(input);
        Assert.True(content.IsComplete || content.Problems.Count > 0);
        Assert.InRange(content.Problems.Count, 0, 1000);
        Assert.All(content.Problems, problem => Assert.InRange(problem.Origin.Line ?? 0, 1, lines + 1));
        Assert.All(content.Lines, line => Assert.InRange(line.Value, 1, lines + 1));
        Assert.All(content.Values, value => Assert.True(content.Lines.ContainsKey(value.Key), $"{value.Key} has no line."));
        if (content.IsComplete && content.Problems.Count == 0 && content.Values.Count > 0)
        {
            var again = YamlContent.Read(new(Path, Encoding.UTF8.GetBytes(Write(content.Values)), null));
            Assert.Empty(again.Problems);
            Assert.Equal(
                content.Values.OrderBy(value => value.Key, StringComparer.Ordinal), again.Values.OrderBy(value => value.Key, StringComparer.Ordinal));
        }

        var (settings, problems) = new SettingsLoader(Path, [], []).Load(file);
        Assert.True(settings is not null || problems.Any(problem => problem.Severity == Severity.Error));
        Assert.True(settings is null || problems.All(problem => problem.Severity != Severity.Error));
        Assert.InRange(problems.Count, 0, 1000);
        Assert.All(problems, problem => Assert.DoesNotContain(problem.ToString(), char.IsControl));
        Assert.All(problems, problem => Assert.NotEqual("", problem.Remedy));
    }

    // YAML 1.1 breaks lines at these as well.
    private static int CountOtherBreaks(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return text.Count(letter => letter is '\u0085' or '\u2028' or '\u2029');
    }

    /// <summary>Keys and values as nested mappings, every scalar quoted.</summary>
    private static string Write(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var root = new Node();
        foreach (var (key, value) in values)
        {
            var node = root;
            foreach (var part in key.Split(':'))
            {
                node = node.Child(part);
            }

            node.Value = value;
        }

        var text = new StringBuilder();
        root.Write(text);
        return text.ToString();
    }

    private sealed class Node
    {
        private readonly List<(string Key, Node Node)> _children = [];

        public string? Value { get; set; }

        public Node Child(string key)
        {
            // As configuration keys are compared.
            var index = _children.FindIndex(child => child.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                _children.Add((key, new()));
                index = _children.Count - 1;
            }

            return _children[index].Node;
        }

        public void Write(StringBuilder text)
        {
            if (_children.Count == 0)
            {
                text.Append(Value is null ? "~" : Quote(Value));
                return;
            }

            text.Append('{');
            foreach (var (key, node) in _children)
            {
                text.Append(Quote(key)).Append(": ");
                node.Write(text);
                text.Append(", ");
            }

            text.Append('}');
        }

        private static string Quote(string value)
        {
            var text = new StringBuilder("\"");
            foreach (var rune in value.EnumerateRunes())
            {
                text.Append(
                    rune.Value is >= ' ' and <= '~' and not ('"' or '\\')
                        ? rune.ToString()
                        : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"));
            }

            return text.Append('"').ToString();
        }
    }
}
