using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TlsFront.Admin;

namespace TlsFront.Cli;

/// <summary><c>tlsfront drain</c>: ends the running gateway in order, as SIGTERM does.</summary>
internal static class DrainCommand
{
    public static Command Create(ConfigurationOptions options)
    {
        var command = new Command("drain", "Let the running gateway end in order: no new connections, goodbyes, exit; the same as SIGTERM.");
        options.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = new AdminClient(options.Loader(parsed).LoadAdmin());
            var (document, problem) = await client.AskAsync(HttpMethod.Post, "/api/v1/drain", stop);
            if (document is null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
                return ExitCode.Failure;
            }

            var status = JsonSerializer.Deserialize(document, AdminJson.Default.GatewayStatus)!;
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{status.HostName} drains; it has {Amount.Of(status.Connections, "connection")}, "
                    + $"and ends with the last or after drain.timeout"));
            return ExitCode.Success;
        });
        return command;
    }
}
