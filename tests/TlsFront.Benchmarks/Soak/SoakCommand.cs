using System.CommandLine;
using TlsFront.Benchmarks.Compare;

namespace TlsFront.Benchmarks.Soak;

/// <summary><c>soak</c>: the gateway under mixed load for minutes; it fails if anything grows. <c>tests/soak.sh</c> prepares what it needs.</summary>
internal static class SoakCommand
{
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "How long, after ten seconds to warm up",
        DefaultValueFactory = _ => 10
    };
    private static readonly Option<string> Engine = new("--engine") { Description = "native or managed", DefaultValueFactory = _ => "native" };
    private static readonly Option<int> UpgradeEvery = new("--upgrade-every")
    {
        Description = "Seconds after which another process takes the gateway's place, again and again; native engine only, 0 for never"
    };
    private static readonly Option<string> Publish = new("--publish") { Description = "Folder of a publish", Required = true };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("native", "managed");
        var command = new Command("soak", "The gateway under mixed load; what it holds must not grow.") { Minutes, Engine, UpgradeEvery, Publish };
        command.SetAction(parsed =>
        {
            try
            {
                var upgrades = parsed.GetValue(UpgradeEvery) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
                return Run(TimeSpan.FromMinutes(parsed.GetValue(Minutes)), parsed.GetValue(Engine)!, upgrades, parsed.GetValue(Publish)!);
            }
            catch (CompareException exception)
            {
                Console.Error.WriteLine($"soak: {exception.Message}");
                Console.WriteLine("failed");
                return 1;
            }
        });
        return command;
    }

    private static int Run(TimeSpan duration, string engine, TimeSpan? upgradePeriod, string publish)
    {
        // Sessions of backends block their threads.
        ThreadPool.SetMinThreads(upgradePeriod is null ? 512 : SoakLoad.SessionsThroughUpgrades + 512, 16);
        var folder = Directory.CreateTempSubdirectory("tlsfront-soak-").FullName;
        SoakReport report;
        using (var run = new SoakRun(folder, publish, engine, upgradePeriod))
        {
            report = run.Run(duration);
        }

        string[] failures = [.. report.Failures];
        if (failures.Length == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        string[] lines =
        [
            .. Machine.Describe(), $"{engine} engine, {duration.TotalMinutes:0.##} minutes; medians of a sample a second.", "", report.ToString(), "",
            .. failures.Select(failure => $"- {failure}"),
            .. failures.Length == 0 ? (string[])["passed"] : [$"The gateway's log is in {folder}.", "failed"],
        ];
        Console.Out.WriteLine(string.Join('\n', lines));
        return failures.Length == 0 ? 0 : 1;
    }
}
