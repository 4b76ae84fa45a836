using System.Diagnostics;
using System.Globalization;
using TlsFront.Fuzzing.Targets;

namespace TlsFront.Fuzzing;

/// <summary>
/// <c>TARGET SECONDS CORPUS FINDINGS [minimise|first]</c>: fuzzes one target for a time, from the inputs in the folder CORPUS. What breaks goes into
/// the folder FINDINGS. Ends with 1 when anything broke or nothing was covered. With <c>minimise</c> the corpus is replaced by the least inputs that
/// reach what was reached; with <c>first</c> the first failure ends the search.
/// </summary>
internal static class Program
{
    /// <summary>Different failures after which more would not be read.</summary>
    private const int MaximumFindings = 20;

    private static int Main(string[] arguments)
    {
        // Before everything else: see there.
        var coverage = new CoverageMap();
        IFuzzTarget[] targets =
        [
            new ClientHelloTarget(), new ProxyHeaderTarget(), new SmtpTarget(), new ImapTarget(), new Pop3Target(), new SieveTarget(),
            new StartTlsTarget(), new HeldLoginTarget(), new LookupTarget(), new YamlTarget(), new RecordsTarget(), new ImportTarget(),
            new HelloFileTarget(), new CanaryTarget(),
        ];
        if (arguments is not [var name, var seconds, var corpusFolder, var findingsFolder, .. var rest]
            || targets.FirstOrDefault(target => target.Name == name) is not { } target)
        {
            Console.Error.WriteLine(
                $"TARGET SECONDS CORPUS FINDINGS [minimise|first], where TARGET is one of {string.Join(' ', targets.Select(target => target.Name))}");
            return 2;
        }

        var corpus = new Corpus(Path.GetFullPath(corpusFolder));
        var findings = new Corpus(Path.GetFullPath(findingsFolder));
        var seed = Environment.TickCount;
        Directory.CreateDirectory(findingsFolder);
        using var lastInput = new LastInput(Path.Combine(Path.GetFullPath(findingsFolder), $"{name}.last"), target.MaximumLength);
        var start = Stopwatch.GetTimestamp();
        var fuzzer = new Fuzzer(target, coverage, lastInput, new Random(seed), Found);
        fuzzer.Replay([.. target.Seeds, .. corpus.Read()]);
        var branches = coverage.Branches;
        fuzzer.Search(
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), rest is ["first"] ? 1 : MaximumFindings, () => Report("..."));
        Report($"seed {seed}, {branches} branches at the start");
        if (rest is ["minimise"])
        {
            corpus.Write(fuzzer.Minimise());
        }

        if (coverage.Branches == 0)
        {
            Console.WriteLine($"{name}: error: nothing is covered; the assemblies are not instrumented");
            return 1;
        }

        return fuzzer.Findings.Count > 0 ? 1 : 0;

        void Found(Finding finding, long run)
        {
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var file = findings.Add(finding.Input);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: error: {finding.Key}; run {run}, {elapsed:F1} s; input {finding.Literal}, also in {file}\n{finding.Description}"));
        }

        void Report(string remark)
        {
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {fuzzer.Executions} runs in {elapsed:F0} s ({fuzzer.Executions / elapsed:F0}/s), {coverage.Branches} branches, " +
                $"{fuzzer.Kept} inputs kept, {fuzzer.Findings.Count} findings; {remark}"));
        }
    }
}
