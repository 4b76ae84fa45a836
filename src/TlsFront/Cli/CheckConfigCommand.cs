using System.CommandLine;
using System.Text.Json;
using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary><c>tlsfront check-config</c>: every problem of configuration and certificates at once.</summary>
internal static class CheckConfigCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("check-config", "Check the configuration and the certificates it names, and report every problem at once.");
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed => Check(options.Loader(parsed), parsed.GetValue(json), time, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Check(SettingsLoader loader, bool asJson, TimeProvider time, TextWriter output)
    {
        var result = loader.Load();
        var problems = ProblemList.InOrder([.. result.Problems, .. CertificateProblems(result.Certificates, time.GetUtcNow()), .. TicketKeyProblems(result.TicketKeys)]);
        var report = CheckConfigReport.Of(loader.Path, problems);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.CheckConfigReport));
        }
        else
        {
            ProblemReport.Write(output, problems);
            output.WriteLine($"{loader.Path}: {(report.Valid ? "valid" : "not valid")}, {ProblemReport.Count(problems)}");
        }
        return report.Valid ? ExitCode.Success : ExitCode.Failure;
    }

    private static IEnumerable<Problem> CertificateProblems(IReadOnlyList<Placed<CertificateSettings>> sources, DateTimeOffset now)
    {
        foreach (var (source, setting, origin) in sources)
        {
            foreach (var reading in CertificateDirectory.Expand(source).Select(CertificateLoader.Load))
            {
                if (reading.Certificate is null)
                {
                    yield return new(Severity.Error, origin, setting, null, $"is not usable: {reading.Problem}", "the gateway does not start without it");
                }

                foreach (var warning in reading.Warnings(now))
                {
                    yield return new(Severity.Warning, origin, setting, null, $"is not as it should be: {warning}", "mend it where it says so; the gateway takes new files within two seconds");
                }
            }
        }
    }

    private static IEnumerable<Problem> TicketKeyProblems(IReadOnlyList<Placed<string>> files)
    {
        foreach (var (file, setting, origin) in files)
        {
            var (key, problem, warning) = TicketKeyLoader.Load(file);
            if ((problem ?? warning) is { } words)
            {
                yield return new(
                    key is null ? Severity.Error : Severity.Warning, origin, setting, null, key is null ? $"is not usable: {words}" : $"is not safe: {words}",
                    key is null ? "the gateway does not start without it" : "leave the rights of its owner alone; the gateway takes the key nevertheless");
            }
        }
    }
}
