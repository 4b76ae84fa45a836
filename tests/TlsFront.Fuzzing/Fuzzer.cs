using System.Diagnostics;

namespace TlsFront.Fuzzing;

/// <summary>
/// The loop: mutate an input that reached something, run it, keep it if it reaches something new. In one process and on one thread, because
/// the code under test is pure: nothing needs restarting, and a run costs what the code costs.
/// </summary>
/// <param name="target">What is fuzzed.</param>
/// <param name="coverage">What runs reach.</param>
/// <param name="lastInput">Knows the input that runs, should it end the process.</param>
/// <param name="random">The dice.</param>
/// <param name="found">Told of each new failure at once, and in which run it came: hours of search may end by a signal.</param>
internal sealed class Fuzzer(IFuzzTarget target, CoverageMap coverage, LastInput lastInput, Random random, Action<Finding, long> found)
{
    /// <summary>Longest search for a shorter input that fails alike.</summary>
    private static readonly TimeSpan MaximumShortening = TimeSpan.FromSeconds(10);

    private const int MuchSlower = 4;

    private readonly List<(byte[] Input, TimeSpan Cost)> _kept = [];
    private readonly Mutator _mutator = new(random, target.Words, target.Heads, target.MaximumLength);
    private readonly Dictionary<string, Finding> _findings = [];

    /// <summary>Inputs run so far.</summary>
    public long Executions { get; private set; }

    /// <summary>Inputs kept because each reached something the others before did not.</summary>
    public int Kept => _kept.Count;

    /// <summary>What broke, once for each kind of failure.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>Runs what is known already.</summary>
    public void Replay(IEnumerable<byte[]> inputs)
    {
        // Twice: what is initialised once makes the first run of anything look new.
        var list = inputs.ToList();
        foreach (var input in list.Concat(list))
        {
            Try(input);
        }

        if (_kept.Count == 0)
        {
            _kept.Add(([], TimeSpan.Zero));
        }
    }

    /// <summary>Searches for <paramref name="time"/>, or until there are <paramref name="maximumFindings"/> different failures.</summary>
    public void Search(TimeSpan time, int maximumFindings, Action progress)
    {
        var start = Stopwatch.GetTimestamp();
        var next = TimeSpan.FromSeconds(5);
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < time && _findings.Count < maximumFindings)
        {
            if (elapsed > next)
            {
                next *= 2;
                progress();
            }

            Try(_mutator.Mutate(Pick(), _kept[random.Next(_kept.Count)].Input));
        }
    }

    /// <summary>The fewest and shortest inputs found that reach everything reached.</summary>
    public List<byte[]> Minimise()
    {
        var reached = new HashSet<int>();
        var least = new List<byte[]>();
        foreach (var input in _kept.Select(kept => kept.Input).OrderBy(input => input.Length).ToList())
        {
            if (Run(input) is null && coverage.Features() is var features && features.Exists(feature => !reached.Contains(feature)))
            {
                reached.UnionWith(features);
                least.Add(input);
            }
        }

        return least;
    }

    // Half of the time one of the latest: what was just reached is the way to what was not. Of two not the one that is much slower: such would take
    // all the time. Not the quicker, either: whole sessions take longer than what ends at once, and lead further.
    private byte[] Pick()
    {
        var range = random.Next(2) == 0 ? _kept.Count : Math.Min(_kept.Count, 32);
        var (first, second) = (_kept[^(1 + random.Next(range))], _kept[^(1 + random.Next(range))]);
        return first.Cost < second.Cost * MuchSlower ? first.Input : second.Input;
    }

    private void Try(byte[] input)
    {
        var start = Stopwatch.GetTimestamp();
        if (Run(input) is { } finding)
        {
            if (!_findings.ContainsKey(finding.Key))
            {
                var run = Executions;
                _findings.Add(finding.Key, Shorten(finding));
                found(_findings[finding.Key], run);
            }
        }
        else if (coverage.Merge())
        {
            _kept.Add((input, Stopwatch.GetElapsedTime(start)));
        }
    }

    private Finding? Run(byte[] input)
    {
        lastInput.Begin(input);
        coverage.Clear();
        Executions++;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Whatever it throws is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Finding.Of(input, exception);
        }
        finally
        {
            lastInput.End();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= target.MaximumAllocation
            ? null
            : new("allocation", input, $"allocates {allocated} bytes, more than {target.MaximumAllocation}");
    }

    /// <summary>Leaves out whatever the failure does not need.</summary>
    private Finding Shorten(Finding finding)
    {
        var start = Stopwatch.GetTimestamp();
        for (var piece = finding.Input.Length / 2; piece > 0; piece /= 2)
        {
            for (var at = 0; at + piece <= finding.Input.Length && Stopwatch.GetElapsedTime(start) < MaximumShortening;)
            {
                byte[] shorter = [.. finding.Input[..at], .. finding.Input[(at + piece)..]];
                if (Run(shorter) is { } same && same.Key == finding.Key)
                {
                    finding = same;
                }
                else
                {
                    at += piece;
                }
            }
        }

        return finding;
    }
}
