using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace TlsFront.Benchmarks.Machines;

/// <summary>What is measured and shown: time, bytes per second and allocations of each script.</summary>
internal sealed class MachineConfig : ManualConfig
{
    /// <param name="quick">In this process and with short iterations: seconds instead of minutes, at less precision.
    /// Allocations are exact either way.</param>
    public MachineConfig(bool quick)
    {
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumn(TargetMethodColumn.Method, StatisticColumn.Mean, StatisticColumn.Error, new ThroughputColumn());
        AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Metrics);
        if (quick)
        {
            AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithIterationTime(TimeInterval.FromMilliseconds(100))
                .WithWarmupCount(3)
                .WithIterationCount(5));
        }
    }
}
