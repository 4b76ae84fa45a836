using System.CommandLine;
using BenchmarkDotNet.Running;
using TlsFront.Benchmarks.Compare;
using TlsFront.Benchmarks.Inventory;
using TlsFront.Benchmarks.Load;
using TlsFront.Benchmarks.Machines;
using TlsFront.Benchmarks.Soak;

namespace TlsFront.Benchmarks;

/// <summary>
/// Micro-benchmarks of the protocol machines, with the arguments of BenchmarkDotNet (all of them if there are none; <c>--quick</c> ends within a
/// minute). The verbs behind <c>compare.sh</c>: <c>compare</c> and <c>load</c>; behind <c>soak.sh</c>: <c>soak</c>; and
/// <c>inventory</c>, of a published program.
/// </summary>
internal static class Program
{
    private const string Quick = "--quick";

    private static int Main(string[] args) => args.FirstOrDefault() switch
    {
        "compare" or "load" or "soak" or "inventory" =>
            new RootCommand { CompareCommand.Create(), LoadCommand.Create(), SoakCommand.Create(), InventoryCommand.Create() }.Parse(args).Invoke(),
        _ => RunBenchmarks(args),
    };

    private static int RunBenchmarks(string[] args)
    {
        BenchmarkSwitcher
            .FromAssembly(typeof(Program).Assembly)
            .Run(args.Where(argument => argument != Quick).DefaultIfEmpty("--filter=*").ToArray(), new MachineConfig(args.Contains(Quick)));
        return 0;
    }
}
