using System.CommandLine;
using System.Net;

namespace TlsFront.Cli;

/// <summary><c>tlsfront health</c>: asks the running gateway whether it is ready, for container health checks and scripts.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(ConfigurationOptions options)
    {
        var command = new Command("health", "Ask the gateway of this machine whether it is ready for clients.");
        options.AddTo(command);
        command.SetAction((parsed, stop) => AskAsync(
            AdminClient.Reachable(options.Loader(parsed).LoadAdmin().Address), parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error, stop));
        return command;
    }

    private static async Task<int> AskAsync(IPEndPoint admin, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var url = new Uri($"http://{admin}/readyz");
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = 64 * 1024 };
        try
        {
            using var response = await client.GetAsync(url, stop);
            if (response.IsSuccessStatusCode)
            {
                await output.WriteLineAsync("ready");
                return ExitCode.Success;
            }
            await error.WriteLineAsync($"not ready: {url} answers {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await error.WriteLineAsync(exception is HttpRequestException
                ? $"not ready: {url} cannot be asked ({exception.Message}); is the gateway running, and does admin.address match its configuration?"
                : $"not ready: {url} gave no answer in {Patience.TotalSeconds} s");
        }
        return ExitCode.Failure;
    }
}
