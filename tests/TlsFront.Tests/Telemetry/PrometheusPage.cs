using System.Globalization;
using System.Text.RegularExpressions;

namespace TlsFront.Tests.Telemetry;

/// <summary>
/// The text format of Prometheus and OpenMetrics, read as strictly as Prometheus does: every sample belongs to a family with a type,
/// no series comes twice, buckets add up.
/// </summary>
internal sealed partial class PrometheusPage
{
    private readonly Dictionary<string, string> _types = [];
    private readonly List<(string Family, string Name, IReadOnlyDictionary<string, string> Labels, double Value)> _samples = [];

    public PrometheusPage(string text)
    {
        var family = "";
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                family = words[2];
                Assert.True(_types.TryAdd(family, words[3]), $"family {family} comes twice");
            }
            else if (line.StartsWith('#'))
            {
                Assert.Matches(@"^# (HELP|UNIT|EOF)( |$)", line);
            }
            else
            {
                Read(family, line);
            }
        }

        CheckBuckets();
    }

    /// <summary>Families and their types.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Samples, with the family they belong to.</summary>
    public IReadOnlyList<(string Family, string Name, IReadOnlyDictionary<string, string> Labels, double Value)> Samples => _samples;

    private void Read(string family, string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"not a sample: {line}");
        var name = match.Groups["name"].Value;
        Assert.StartsWith(family, name, StringComparison.Ordinal);
        var labels = new Dictionary<string, string>();
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
        {
            Assert.True(labels.TryAdd(label.Groups["name"].Value, label.Groups["value"].Value), $"a label comes twice: {line}");
        }

        Assert.DoesNotContain(_samples, sample => sample.Name == name && sample.Labels.Count == labels.Count && !sample.Labels.Except(labels).Any());
        _samples.Add(
            (
                family, name, labels,
                double.Parse(match.Groups["value"].Value.Replace("+Inf", "∞", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
    }

    private void CheckBuckets()
    {
        var series = _samples.Where(sample => _types[sample.Family] == "histogram" && sample.Name == sample.Family + "_bucket")
            .GroupBy(sample =>
                sample.Family + string.Join(
                    ',', sample.Labels.Where(label => label.Key != "le").OrderBy(label => label.Key, StringComparer.Ordinal)));
        foreach (var buckets in series)
        {
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            var last = buckets.Last();
            Assert.Equal("+Inf", last.Labels["le"]);
            var count = _samples.Single(sample => sample.Name == last.Family + "_count" && sample.Labels.All(label => last.Labels.Contains(label)));
            Assert.Equal(count.Value, last.Value);
        }
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="(\\[\\"n]|[^"\\])*",?)*)\})? (?<value>[-+.0-9eE]+|[+-]Inf|NaN)( \d+(\.\d+)?)?$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(\\[\\"n]|[^"\\])*)",?""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
