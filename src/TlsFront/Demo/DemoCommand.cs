using System.CommandLine;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Telemetry;

namespace TlsFront.Demo;

/// <summary><c>tlsfront demo</c>: the whole gateway in front of a mail store in memory, for trying it out without anything else.</summary>
internal static class DemoCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "Folder for the throwaway CA (ca.pem), certificate and key.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "./.tlsfront-demo",
        };
        var portBase = new Option<int>("--port-base")
        {
            Description = $"Listen on 127.0.0.1 at N+465, N+993 and N+995; admin at N+90 (9090 for the default). At most {DemoPorts.MaximumBase}.",
            HelpName = "N",
            DefaultValueFactory = _ => DemoPorts.DefaultBase,
        };
        portBase.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value is < 0 or > DemoPorts.MaximumBase))
            {
                result.AddError($"--port-base must be a number from 0 to {DemoPorts.MaximumBase}.");
            }
        });
        var command = new Command(
            "demo", "Try TlsFront without another server: the gateway in front of a mail store in memory, with lines to paste.") { data, portBase };
        command.SetAction((result, stop) => RunAsync(
            new(Path.GetFullPath(result.GetRequiredValue(data))), new(result.GetRequiredValue(portBase)), result.InvocationConfiguration, stop));
        return command;
    }

    /// <summary>Runs until told to stop.</summary>
    /// <returns>The exit code: 0 after an orderly end, 1 when it could not start.</returns>
    private static async Task<int> RunAsync(DemoFiles files, DemoPorts ports, InvocationConfiguration console, CancellationToken stop)
    {
        try
        {
            files.Write(DemoCertificates.Create(TimeProvider.System));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync(
                $"tlsfront demo: cannot write to {files.Folder}: {exception.Message} Choose another folder with --data DIR.");
            return 1;
        }

        var log = new LogSettings();
        using var loggers = LoggerFactory.Create(logging => logging.AddTlsFrontConsole(log));
        await using var servers = new DemoMailServers(
            new MailStore(TimeProvider.System), TimeProvider.System, loggers.CreateLogger<DemoMailServers>());
        await using var gateway = GatewayHost.Build(new SettingsStore(DemoSettings.Build(ports, files, servers)));
        try
        {
            await gateway.StartAsync(stop);
        }
        catch (GatewayStartException exception)
        {
            await console.Error.WriteLineAsync($"tlsfront demo: {exception.Message}; --port-base N moves all of the demo's ports");
            return 1;
        }

        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        DemoGuide.Write(console.Output, ports, files);
        await gateway.ServeAsync(stop);
        return 0;
    }
}
