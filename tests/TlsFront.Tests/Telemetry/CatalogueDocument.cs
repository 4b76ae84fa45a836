using System.Globalization;
using System.Text;
using TlsFront.Telemetry;

namespace TlsFront.Tests.Telemetry;

/// <summary>The catalogue of metrics, written from their definitions.</summary>
internal static class CatalogueDocument
{
    public static string Write()
    {
        var text = new StringBuilder("""
            # Metrics of TlsFront

            Written from the definitions in the code (`MetricCatalogue`); a test compares. Every metric, its labels and all their values: the number of time series is known when
            the gateway starts, whoever connects. Labels follow OpenTelemetry's semantic conventions where they have a name, otherwise they are of the namespace `tlsfront`.
            `/metrics` also has .NET's own `dotnet_*` metrics (meter `System.Runtime`) and `target_info` with the resource.


            """);
        foreach (var metric in MetricCatalogue.All)
        {
            Append(text, metric);
        }

        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    /// <summary>The name under which Prometheus sees a metric; a histogram has <c>_bucket</c>, <c>_sum</c> and <c>_count</c> behind it.</summary>
    public static string PrometheusName(MetricDescriptor metric)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return metric.Name.Replace('.', '_') + unit + (metric.Kind == MetricKind.Counter ? "_total" : "");
    }

    private static void Append(StringBuilder text, MetricDescriptor metric)
    {
        var kind = metric.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.UpDownCounter => "up-down counter (gauge)",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        };
        text.Append(
            $"## {metric.Name}\n\n{metric.Description}\n\nPrometheus: `{PrometheusName(metric)}`, "
            + $"{kind}{(metric.Unit is null ? "" : $", unit `{metric.Unit}`")}\n\n");
        if (metric.Buckets.Count > 0)
        {
            text.Append($"Buckets: {string.Join(", ", metric.Buckets.Select(bound => bound.ToString(CultureInfo.InvariantCulture)))}\n\n");
        }

        if (metric.Labels.Count > 0)
        {
            text.Append("| Label | Values | Absent when |\n|---|---|---|\n");
            foreach (var label in metric.Labels)
            {
                text.Append($"| `{label.Name}` | {label.Origin} | {label.WhenAbsent} |\n");
            }

            text.Append('\n');
        }
    }
}
