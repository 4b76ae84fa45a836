using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;
using TlsFront.Admin;

namespace TlsFront.Cli;

/// <summary><c>tlsfront status</c>: what the running gateway does.</summary>
internal static class StatusCommand
{
    private const string Path = "/api/v1/status";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it every two seconds until Ctrl-C" };
        var output = OutputOption();
        var command = new Command("status", "Show what the running gateway does: listeners, backends, certificates, the last reload.");
        options.AddTo(command);
        command.Options.Add(watch);
        command.Options.Add(output);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var (writer, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var isJson = parsed.GetValue(output) == "json";
            return parsed.GetValue(watch)
                ? await WatchAsync(client, isJson, writer, error, time, stop)
                : await ShowAsync(client, isJson, writer, error, stop);
        });
        return command;
    }

    /// <summary>The choice between tables and JSON.</summary>
    public static Option<string> OutputOption()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "text, or json as the API gives it",
            HelpName = "FORMAT",
            DefaultValueFactory = static _ => "text"
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    private static async Task<int> ShowAsync(AdminClient client, bool isJson, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var (document, problem) = await client.AskAsync(HttpMethod.Get, Path, stop);
        if (document is null)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.Failure;
        }

        if (isJson)
        {
            await output.WriteLineAsync(document);
            return ExitCode.Success;
        }

        var console = StatusView.ConsoleOn(output);
        console.Write(new StatusView(console).Status(JsonSerializer.Deserialize(document, AdminJson.Default.GatewayStatus)!));
        console.WriteLine();
        return ExitCode.Success;
    }

    private static async Task<int> WatchAsync(
        AdminClient client, bool isJson, TextWriter output, TextWriter error, TimeProvider time, CancellationToken stop)
    {
        var console = StatusView.ConsoleOn(output);
        using var timer = new PeriodicTimer(Period, time);

        // A process that they ended would leave the terminal without its cursor.
        using var signals = new StopSignals(stop);
        stop = signals.Token;
        try
        {
            if (isJson || !console.Profile.Out.IsTerminal)
            {
                do
                {
                    if (await ShowAsync(client, isJson, output, error, stop) is var code and not ExitCode.Success)
                    {
                        return code;
                    }
                }
                while (await timer.WaitForNextTickAsync(stop));
                return ExitCode.Success;
            }

            var (first, problem) = await client.AskAsync(HttpMethod.Get, Path, stop);
            if (first is null)
            {
                await error.WriteLineAsync(problem);
                return ExitCode.Failure;
            }

            var view = new StatusView(console);
            await console.Live(View(view, first, problem)).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
            {
                while (await timer.WaitForNextTickAsync(stop))
                {
                    // A gateway that restarts is back soon.
                    var (document, trouble) = await client.AskAsync(HttpMethod.Get, Path, stop);
                    live.UpdateTarget(View(view, document, trouble));
                }
            });
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }
    }

    private static IRenderable View(StatusView view, string? document, string? problem) =>
        document is null
            ? new Text(problem ?? "", new Style(Color.Yellow))
            : view.Status(JsonSerializer.Deserialize(document, AdminJson.Default.GatewayStatus)!);
}
