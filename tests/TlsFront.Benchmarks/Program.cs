using BenchmarkDotNet.Running;
using TlsFront.Benchmarks.Machines;

namespace TlsFront.Benchmarks;

/// <summary>Micro-benchmarks of the protocol machines: everything, with the arguments of BenchmarkDotNet; <c>--quick</c> ends within a minute.</summary>
internal static class Program
{
    private const string Quick = "--quick";

    private static void Main(string[] args) => BenchmarkSwitcher
        .FromAssembly(typeof(Program).Assembly)
        .Run(args.Where(argument => argument != Quick).DefaultIfEmpty("--filter=*").ToArray(), new MachineConfig(args.Contains(Quick)));
}
