using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TlsFront.Admin;

namespace TlsFront.Cli;

/// <summary><c>tlsfront upgrade</c>: has a new process take the place of the running gateway, with its sessions.</summary>
internal static class UpgradeCommand
{
    public static Command Create(ConfigurationOptions options)
    {
        var command = new Command(
            "upgrade", "Replace the running gateway by a new process, from the program file as it is now; open sessions go on in the new one.");
        options.AddTo(command);
        var automatic = new Option<bool>("--automatic") { Description = "Only if upgrade.automatic is on: for packages." };
        command.Options.Add(automatic);
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(automatic) && options.Loader(parsed).Load().Settings is { Upgrade.IsAutomatic: false })
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("not upgraded: upgrade.automatic is off");
                return ExitCode.Failure;
            }

            using var client = new AdminClient(options.Loader(parsed).LoadAdmin(), AdminClient.UpgradePatience);
            var (document, problem) = await client.AskAsync(HttpMethod.Post, "/api/v1/upgrade", stop);
            if (document is null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
                return ExitCode.Failure;
            }

            var status = JsonSerializer.Deserialize(document, AdminJson.Default.UpgradeStatus)!;
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Process {status.ProcessId}, version {status.Version}, is the gateway now. "
                    + $"It took over {Amount.Of(status.Moved, "session")}, none of which paused for more than "
                    + $"{status.LongestPauseMilliseconds:0.0} ms; "
                    + $"{Amount.Of(status.Left, "connection")} left in the old process: each moves when it can, or ends within drain.timeout."));
            return ExitCode.Success;
        });
        return command;
    }
}
