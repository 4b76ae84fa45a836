using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// Yesterday, for alerts that compare with it: the counters that a gateway's page has now, growing steadily from 26 hours ago until half an hour ago.
/// </summary>
internal static partial class History
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <summary>OpenMetrics text of a counter for both jobs.</summary>
    /// <param name="page">What <c>/metrics</c> of a gateway with traffic says.</param>
    /// <param name="instances">The address of the one instance of each job that has a past.</param>
    public static string Of(string page, IReadOnlyDictionary<string, int> instances)
    {
        var text = new StringBuilder();
        var now = DateTimeOffset.UtcNow;
        foreach (var series in page.Split('\n').Select(static line => Counts().Match(line)).Where(static match => match.Success))
        {
            foreach (var (job, port) in instances)
            {
                var value = 0;
                for (var at = now.AddHours(-26); at < now.AddMinutes(-31); at += Step, value += 10)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{series.Groups["name"].Value}{{job=\"{job}\",instance=\"127.0.0.1:{port}\",{series.Groups["labels"].Value}}} {value} "
                        + $"{at.ToUnixTimeSeconds()}\n");
                }
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    /// <summary>Numbers of connections and handshakes that did what they were for.</summary>
    [GeneratedRegex(@"^(?<name>tlsfront_(connection|tls_handshake)_duration_seconds_count)\{(?<labels>(?![^}]*error_type)[^}]*)\}")]
    private static partial Regex Counts();
}
