using System.CommandLine;
using System.Text.Json;
using TlsFront.Configuration;
using TlsFront.Diagnosis;

namespace TlsFront.Cli;

/// <summary><c>tlsfront doctor</c>: looks at every server behind the gateway as sessions see it, and says what to write where.</summary>
internal static class DoctorCommand
{
    private const string Text = "text";

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var format = new Option<string>("--output", "-o")
        {
            Description = "text, or json for one JSON object",
            HelpName = "FORMAT",
            DefaultValueFactory = static _ => Text
        };
        format.AcceptOnlyFromAmong(Text, "json");
        var command = new Command(
            "doctor",
            "Connect to every server behind the gateway as a session would, without logging in, and say what is wrong and what to write where.");
        options.AddTo(command);
        command.Options.Add(format);
        command.SetAction((parsed, stop) => ExamineAsync(
            options.Loader(parsed), parsed.GetValue(format) != Text, time, parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error, stop));
        return command;
    }

    private static async Task<int> ExamineAsync(
        SettingsLoader loader, bool asJson, TimeProvider time, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var result = loader.Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var certificates = new ConfiguredCertificates(result).Snapshot;
        var report = DoctorReport.Of(
            loader.Path, SettingsReview.Of(settings, certificates), await DoctorFactory.Create(settings, time).ExamineAsync(stop));
        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Default.DoctorReport));
        }
        else
        {
            DoctorText.Write(output, report);
        }

        return report.Healthy ? ExitCode.Success : ExitCode.Failure;
    }
}
