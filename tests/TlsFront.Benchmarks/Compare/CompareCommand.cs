using System.CommandLine;
using TlsFront.Benchmarks.Compare.Proxies;
using TlsFront.Benchmarks.Compare.Rows;

namespace TlsFront.Benchmarks.Compare;

/// <summary><c>compare</c>: TlsFront beside other proxies; <c>compare.sh</c> prepares what it needs.</summary>
internal static class CompareCommand
{
    private const int Rounds = 7;
    private const int QuickRounds = 3;

    private static readonly Option<bool> Quick = new("--quick") { Description = "Three short rounds instead of seven" };
    private static readonly Option<string[]> Only = new("--only") { Description = "Rows to measure, by name; all of them unless given" };
    private static readonly Option<string[]> With = new("--with")
    {
        Description = "Columns to measure, by the start of their names; all of them unless given"
    };
    private static readonly Option<string?> Jit = new("--jit") { Description = "Folder of a framework-dependent publish" };
    private static readonly Option<string?> Aot = new("--aot") { Description = "Folder of a Native AOT publish" };

    public static Command Create()
    {
        var command = new Command("compare", "TlsFront beside HAProxy, nginx and hitch: work per CPU second.") { Quick, Only, With, Jit, Aot };
        command.SetAction(parsed =>
        {
            try
            {
                return Run(parsed);
            }
            catch (CompareException exception)
            {
                Console.Error.WriteLine($"compare: {exception.Message}");
                return 1;
            }
        });
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (Environment.ProcessorCount < 2)
        {
            throw new CompareException("two cores are needed, one for the proxy and one for its load");
        }

        var quick = parsed.GetValue(Quick);
        var maxSessions = Machine.MaxSessions();
        var rows = Choose(AllRows.Create(maxSessions), row => row.Name, parsed.GetValue(Only), (name, wanted) => name == wanted);
        var products = Choose(
            Products(parsed), product => product.Name, parsed.GetValue(With),
            (name, wanted) => name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase));
        string[] disturbance = Machine.Disturbance() is { } found ? [found] : [];
        var folder = Directory.CreateTempSubdirectory("tlsfront-compare-").FullName;
        try
        {
            // Workers of nginx are not root.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            using var backends = new Backends(folder, Cores.Apart.Load, maxSessions);
            backends.WaitUntilReady();
            var lab = new Lab(folder, Certificate.CreateEcdsa(folder), Certificate.CreateRsa(folder), backends, maxSessions);
            var (table, remarks, failures) = new Comparison(
                lab, products, rows, quick ? QuickRounds : Rounds, TimeSpan.FromSeconds(quick ? 2 : 3)).Run();
            Report(table, products, [.. remarks, .. failures, .. disturbance], quick ? QuickRounds : Rounds);
            return failures.Count > 0 ? 2 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(string table, IReadOnlyList<Proxy> products, IReadOnlyList<string> remarks, int rounds)
    {
        string[] lines =
        [
            "", .. Machine.Describe(), .. products.Select(product => $"{product.Name}: {product.Version}"),
            "Work per CPU second of the proxy (user and system, all its threads); "
            + $"proxy on core {Cores.Apart.Proxy}, load and backends on {Cores.Apart.Load}.",
            $"Medians of {rounds} interleaved rounds (three for latency and second core); "
            + "in parentheses the median ratio to HAProxy, or as said, in the same round.",
            "", table, "",
            .. remarks.Distinct().Select(remark => $"- {remark}"),
        ];
        Console.Out.WriteLine(string.Join('\n', lines));
    }

    private static List<Proxy> Products(ParseResult parsed)
    {
        var haproxy = Environment.GetEnvironmentVariable("HAPROXY") is { Length: > 0 } path ? path : "haproxy";
        List<Proxy> products = [new HaProxy(haproxy), new Nginx(), new Hitch(), new Dovecot()];
        products.AddRange(parsed.GetValue(Jit) is { } jit ? TlsFrontProxy.In(jit, "JIT") : []);
        products.AddRange(parsed.GetValue(Aot) is { } aot ? TlsFrontProxy.In(aot, "AOT") : []);
        return products;
    }

    private static IReadOnlyList<T> Choose<T>(IReadOnlyList<T> all, Func<T, string> name, string[]? wanted, Func<string, string, bool> matches)
    {
        if (wanted is null or [])
        {
            return all;
        }

        if (wanted.FirstOrDefault(one => !all.Any(candidate => matches(name(candidate), one))) is { } unknown)
        {
            throw new CompareException($"there is no '{unknown}'; there are {string.Join(", ", all.Select(name))}");
        }

        return [.. all.Where(candidate => wanted.Any(one => matches(name(candidate), one)))];
    }
}
