using System.Diagnostics;
using TlsFront.Benchmarks.Compare.Proxies;
using TlsFront.Benchmarks.Compare.Rows;

namespace TlsFront.Benchmarks.Compare;

/// <summary>
/// Row by row and round by round, each proxy in turn: whatever disturbs the machine disturbs all of them alike. The first round of a row warms up
/// (tiered compilation, page cache) and is not counted.
/// </summary>
internal sealed class Comparison(Lab lab, IReadOnlyList<Proxy> products, IReadOnlyList<Row> rows, int rounds, TimeSpan duration)
{
    private const int RoundsOfReported = 3;
    private readonly Table _table = new([.. products.Select(product => product.Name)]);
    private readonly Dictionary<Route, string> _negotiated = [];
    private readonly List<string> _remarks = [];
    private readonly List<string> _failures = [];

    /// <summary>Measures everything; the table, what to know when reading it, and what went wrong.</summary>
    public (string Table, IReadOnlyList<string> Remarks, IReadOnlyList<string> Failures) Run()
    {
        using var running = StartAll();
        foreach (var row in rows)
        {
            Measure(row, running.Proxies);
        }

        return (_table.ToString(), _remarks, _failures);
    }

    private sealed record Running(Dictionary<Proxy, RunningProxy> Proxies) : IDisposable
    {
        public void Dispose()
        {
            foreach (var proxy in Proxies.Values)
            {
                proxy.Dispose();
            }
        }
    }

    private Running StartAll()
    {
        var running = new Running([]);
        Route[] routes = [.. rows.Where(row => !row.StartsProxies).SelectMany(row => row.Routes).Append(Route.Http).Distinct()];
        try
        {
            foreach (var product in products)
            {
                var proxy = product.Start(lab, Cores.Apart, routes);
                running.Proxies.Add(product, proxy);
                foreach (var route in routes.Where(route => route is (Route.Http or Route.HttpRsa) && product.Serves(route)))
                {
                    Probe(product, proxy, route);
                }
            }

            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    /// <summary>Only equals are compared: what differs in TLS is told with the table.</summary>
    private void Probe(Proxy product, RunningProxy proxy, Route route)
    {
        var negotiated = LoadGenerator.Text(Cores.Apart.Load, TimeSpan.Zero, [.. LoadGenerator.Command, "probe", .. proxy.Target(route)]).Trim();
        Console.Error.WriteLine($"{product.Name}, {route}: {negotiated}");
        if (!_negotiated.TryAdd(route, negotiated) && _negotiated[route] != negotiated)
        {
            _remarks.Add($"{product.Name} on {route}: {negotiated}, where {products[0].Name} {_negotiated[route]}");
        }
    }

    private void Measure(Row row, Dictionary<Proxy, RunningProxy> running)
    {
        var clock = Stopwatch.StartNew();
        var count = row.IsReported ? Math.Min(rounds, RoundsOfReported) : rounds;
        var able = products.Where(product => row.Routes.All(product.Serves)).ToList();
        var values = row.Lines.Select(_ => able.ToDictionary(product => product.Name, _ => new double?[count])).ToList();
        for (var round = row.StartsProxies ? 0 : -1; round < count; round++)
        {
            row.BeginRound(lab, duration);
            foreach (var product in able)
            {
                Measure(row, product, running[product], round, values);
            }

            Console.Error.Write('.');
        }

        for (var line = 0; line < row.Lines.Count; line++)
        {
            _table.Add(row.Lines[line], values[line]);
        }

        Console.Error.WriteLine($" {row.Name} ({clock.Elapsed.TotalSeconds:F0} s)");
    }

    private void Measure(Row row, Proxy product, RunningProxy proxy, int round, List<Dictionary<string, double?[]>> values)
    {
        try
        {
            var measured = row.Measure(lab, product, proxy, duration);
            for (var line = 0; line < measured.Count && round >= 0; line++)
            {
                values[line][product.Name][round] = measured[line];
            }
        }
        catch (CompareException exception)
        {
            _failures.Add($"{row.Name}, {product.Name}: {exception.Message}");
        }
    }
}
