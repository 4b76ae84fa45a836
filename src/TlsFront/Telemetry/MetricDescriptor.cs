using System.Diagnostics.Metrics;

namespace TlsFront.Telemetry;

/// <summary>
/// The one definition of a metric: its instrument is made from it, and so is its line in the catalogue. What is not declared here cannot be a label.
/// </summary>
/// <param name="Kind">What sort of figure it is.</param>
/// <param name="Name">OpenTelemetry name; Prometheus writes <c>_</c> for <c>.</c> and adds the unit.</param>
/// <param name="Unit">Unit by UCUM; null for a figure without one.</param>
/// <param name="Description">What it tells, in a sentence.</param>
/// <param name="Labels">All labels it may have.</param>
internal sealed record MetricDescriptor(MetricKind Kind, string Name, string? Unit, string Description, params IReadOnlyList<MetricLabel> Labels)
{
    /// <summary>Upper bounds of a histogram's buckets; empty for other kinds.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>Makes the counter.</summary>
    public Counter<long> CreateCounter(Meter meter) => meter.CreateCounter<long>(Name, Unit, Description);

    /// <summary>Makes the histogram.</summary>
    public Histogram<double> CreateHistogram(Meter meter) =>
        meter.CreateHistogram(Name, Unit, Description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });

    /// <summary>Makes the instrument, with its values asked for at each collection.</summary>
    public void Observe<T>(Meter meter, Func<IEnumerable<Measurement<T>>> values)
        where T : struct
    {
        switch (Kind)
        {
            case MetricKind.Counter:
                meter.CreateObservableCounter(Name, values, Unit, Description);
                break;
            case MetricKind.UpDownCounter:
                meter.CreateObservableUpDownCounter(Name, values, Unit, Description);
                break;
            default:
                meter.CreateObservableGauge(Name, values, Unit, Description);
                break;
        }
    }
}
