using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace TlsFront.Benchmarks.Machines;

/// <summary>Bytes of both peers that pass the machine in a second, in units of 10^6.</summary>
internal sealed class ThroughputColumn : IColumn
{
    private const double BytesPerMegabyte = 1e6;
    private const double NanosecondsPerSecond = 1e9;

    public string Id => nameof(ThroughputColumn);
    public string ColumnName => "MB/s";
    public string Legend => "Bytes of both peers that pass the machine in a second (1 MB = 10^6 bytes)";
    public bool AlwaysShow => true;
    public ColumnCategory Category => ColumnCategory.Statistics;
    public int PriorityInCategory => 0;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { Mean: > 0 } statistics || Script(benchmarkCase) is not { } script)
        {
            return "-";
        }

        return (script.Bytes / BytesPerMegabyte / (statistics.Mean / NanosecondsPerSecond)).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static MachineScript? Script(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters.Items.Select(parameter => parameter.Value).OfType<MachineScript>().SingleOrDefault();
}
