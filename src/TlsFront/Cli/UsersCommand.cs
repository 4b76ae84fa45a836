using System.CommandLine;
using System.Text.Json;
using TlsFront.Admin;
using TlsFront.Routing;

namespace TlsFront.Cli;

/// <summary><c>tlsfront users</c>: lets logins of a user wait, and sends the user elsewhere, while a mailbox moves.</summary>
internal static class UsersCommand
{
    private const string Path = "/api/v1/users";

    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command(
            "users", "Let a user's logins wait at the running gateway, or send the user elsewhere. Needs the admin socket or the token.");
        var length = new Option<string?>("--for")
        {
            Description = "How long at most, such as 90s, from 1s to 10m; 60s if not given. A second hold sets it anew",
            HelpName = "TIME",
        };
        var target = new Argument<string>("TARGET") { Description = "A backend, or BACKEND:HOST:PORT for one of its destinations" };
        var protocol = new Option<string?>("--protocol")
        {
            Description = "Only for sessions of this protocol; needed where the backend would do for several",
            HelpName = "NAME",
        };
        protocol.AcceptOnlyFromAmong("smtp", "imap", "pop3", "sieve");

        command.Subcommands.Add(Create("list", "Show whose logins wait, for how long, and who is sent where.", HttpMethod.Get, options, time));
        command.Subcommands.Add(
            Create("hold", "Let logins of USER wait from now on; open sessions stay.", HttpMethod.Post, options, time, ("for", length)));
        command.Subcommands.Add(Create("release", "End the hold: logins that wait go on.", HttpMethod.Post, options, time));
        command.Subcommands.Add(
            Create(
                "move", "Send new sessions of USER there, in all of its group, whatever routes and maps say. Copies no mail.",
                HttpMethod.Post, options, time, ("to", target), ("protocol", protocol)));
        command.Subcommands.Add(Create("unmove", "Send USER where routes and maps say again.", HttpMethod.Post, options, time));
        return command;
    }

    private static Command Create(
        string name, string description, HttpMethod method, ConfigurationOptions options, TimeProvider time,
        params (string Key, Symbol Symbol)[] parameters)
    {
        var command = new Command(name, description);
        var isList = method == HttpMethod.Get;
        var user = new Argument<string>("USER") { Description = "The user as at login, in any case" };
        var output = StatusCommand.OutputOption();
        options.AddTo(command);
        parameters = isList ? parameters : [("user", user), .. parameters];
        foreach (var (_, symbol) in parameters)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(output);
        command.SetAction(async (parsed, stop) =>
        {
            var query = string.Join('&', parameters
                .Select(parameter => (parameter.Key, Value: ValueOf(parsed, parameter.Symbol)))
                .Where(static parameter => parameter.Value is not null)
                .Select(static parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var (document, problem) = await client.AskAsync(method, isList ? Path : $"{Path}/{name}?{query}", stop);
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

            IReadOnlyList<UserOverride> users = isList
                ? JsonSerializer.Deserialize(document, AdminJson.Default.IReadOnlyListUserOverride)!
                : [JsonSerializer.Deserialize(document, AdminJson.Default.UserOverride)!];
            var console = StatusView.ConsoleOn(parsed.InvocationConfiguration.Output);
            console.Write(new StatusView(console).Users(users, time.GetUtcNow()));
            if (name == "release")
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"released, {Amount.Of(users[0].Waiting, "login")} let go on");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string? ValueOf(ParseResult parsed, Symbol symbol) =>
        symbol is Argument<string> argument ? parsed.GetValue(argument) : parsed.GetValue((Option<string?>)symbol);
}
