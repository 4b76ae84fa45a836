using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TlsFront.Admin;

namespace TlsFront.Cli;

/// <summary><c>tlsfront sessions</c>: who is connected now, and an end for some of them.</summary>
internal static class SessionsCommand
{
    private const string Path = "/api/v1/sessions";

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("sessions", "Show the running gateway's sessions, or end some. Needs the admin socket or the token.");
        command.Subcommands.Add(Create("list", HttpMethod.Get, Path, "Show them, the oldest first.", options, time));
        command.Subcommands.Add(
            Create("kick", HttpMethod.Post, $"{Path}/kick", "End them; SMTP sessions finish the message in flight first.", options, time));
        return command;
    }

    private static Command Create(string name, HttpMethod method, string path, string description, ConfigurationOptions options, TimeProvider time)
    {
        var user = new Option<string?>("--user")
        {
            Description = "Only sessions of this user; * matches any characters, ? any one",
            HelpName = "MASK",
        };
        var network = new Option<string?>("--net") { Description = "Only clients in this network or with this address", HelpName = "CIDR" };
        var backend = new Option<string?>("--backend") { Description = "Only sessions of this backend", HelpName = "NAME" };
        var output = StatusCommand.OutputOption();
        var command = new Command(name, description);
        options.AddTo(command);
        command.Options.Add(user);
        command.Options.Add(network);
        command.Options.Add(backend);
        command.Options.Add(output);
        command.SetAction(async (parsed, stop) =>
        {
            (string Key, string? Value)[] conditions =
                [("user", parsed.GetValue(user)), ("net", parsed.GetValue(network)), ("backend", parsed.GetValue(backend))];
            var query = string.Join('&', conditions
                .Where(static condition => condition.Value is not null)
                .Select(static condition => $"{condition.Key}={Uri.EscapeDataString(condition.Value!)}"));
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var (document, problem) = await client.AskAsync(method, query.Length == 0 ? path : $"{path}?{query}", stop);
            if (document is null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
                return ExitCode.Failure;
            }

            if (parsed.GetValue(output) == "json")
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(document);
                return ExitCode.Success;
            }

            var sessions = JsonSerializer.Deserialize(document, AdminJson.Default.IReadOnlyListSessionStatus)!;
            var console = StatusView.ConsoleOn(parsed.InvocationConfiguration.Output);
            console.Write(new StatusView(console).Sessions(sessions, time.GetUtcNow()));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{Amount.Of(sessions.Count, "session")}{(name == "kick" ? " told to end" : "")}"));
            return ExitCode.Success;
        });
        return command;
    }
}
