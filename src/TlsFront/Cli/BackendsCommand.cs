using System.CommandLine;
using System.Text.Json;
using TlsFront.Admin;

namespace TlsFront.Cli;

/// <summary><c>tlsfront backends</c>: the backends of the running gateway, and which of their destinations get sessions.</summary>
internal static class BackendsCommand
{
    private const string Path = "/api/v1/backends";

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var output = StatusCommand.OutputOption();
        var command = new Command("backends", "Show the running gateway's backends, or take destinations out of service.");
        options.AddTo(command);
        command.Options.Add(output);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var (document, problem) = await client.AskAsync(HttpMethod.Get, Path, stop);
            return Show(
                document, problem, parsed.GetValue(output) == "json",
                static text => JsonSerializer.Deserialize(text, AdminJson.Default.IReadOnlyListBackendStatus)!, parsed, time);
        });
        command.Subcommands.Add(
            Write(
                "drain", "Give a backend, or one destination of it, no new sessions; those it has go on, unless --kick, and so do probes.", options,
                output, time));
        command.Subcommands.Add(Write("resume", "Give it new sessions again.", options, output, time));
        return command;
    }

    private static Command Write(string verb, string description, ConfigurationOptions options, Option<string> output, TimeProvider time)
    {
        var name = new Argument<string>("NAME") { Description = "A backend, or BACKEND/HOST:PORT for one of its destinations" };
        var kick = new Option<bool>("--kick") { Description = "End the sessions it has, as sessions kick does" };
        var over = new Option<string?>("--over")
        {
            Description = "With --kick: spread their ends evenly over this time, from 1s to 1h; all at once if not given",
            HelpName = "TIME",
        };
        var command = new Command(verb, description);
        options.AddTo(command);
        command.Arguments.Add(name);
        if (verb == "drain")
        {
            command.Options.Add(kick);
            command.Options.Add(over);
        }

        command.Options.Add(output);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var path = string.Join('/', parsed.GetRequiredValue(name).Split('/', 2).Select(Uri.EscapeDataString));
            var query = "";
            if (verb == "drain")
            {
                query = $"?kick={(parsed.GetValue(kick) ? "true" : "false")}";
                query += parsed.GetValue(over) is { } length ? $"&over={Uri.EscapeDataString(length)}" : "";
            }

            var (document, problem) = await client.AskAsync(HttpMethod.Post, $"{Path}/{path}/{verb}{query}", stop);
            return Show(
                document, problem, parsed.GetValue(output) == "json",
                static text => [JsonSerializer.Deserialize(text, AdminJson.Default.BackendStatus)!], parsed, time);
        });
        return command;
    }

    private static int Show(
        string? document, string? problem, bool isJson, Func<string, IReadOnlyList<BackendStatus>> read, ParseResult parsed, TimeProvider time)
    {
        if (document is null)
        {
            parsed.InvocationConfiguration.Error.WriteLine(problem);
            return ExitCode.Failure;
        }

        if (isJson)
        {
            parsed.InvocationConfiguration.Output.WriteLine(document);
            return ExitCode.Success;
        }

        var console = StatusView.ConsoleOn(parsed.InvocationConfiguration.Output);
        var backends = read(document);
        console.Write(new StatusView(console).Backends(backends, time.GetUtcNow()));
        if (backends is [{ Ending: { } ending }])
        {
            parsed.InvocationConfiguration.Output.WriteLine($"{Amount.Of(ending, "session")} to end");
        }

        return ExitCode.Success;
    }
}
