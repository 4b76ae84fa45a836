using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using TlsFront.Compatibility;
using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Configuration.Schema;
using TlsFront.Tls;
using TlsFront.Tls.Tickets;

namespace TlsFront.Cli;

/// <summary>
/// <c>tlsfront check-config</c>: every problem of configuration and certificates at once, and, where there are routes, what each name gets.
/// </summary>
internal static class CheckConfigCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command(
            "check-config",
            "Check the configuration and the certificates it names, and report every problem at once; with routes, also what each name gets.");
        var clients = new Option<string?>("--clients")
        {
            Description = "Say also what old and current clients get, by recorded hellos of theirs, and by those in DIR",
            HelpName = "DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        options.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(clients);
        command.SetAction((parsed, stop) => CheckAsync(
            options.Loader(parsed), parsed.GetValue(json), parsed.GetResult(clients) is not null, parsed.GetValue(clients), time,
            parsed.InvocationConfiguration, stop));
        return command;
    }

    private static async Task<int> CheckAsync(
        SettingsLoader loader, bool asJson, bool replays, string? folder, TimeProvider time, InvocationConfiguration console, CancellationToken stop)
    {
        var output = console.Output;
        var result = loader.Load();

        // Before anything asks for a certificate, and so for OpenSSL.
        var openSslProblems = OpenSslProblems(result.Settings, loader.Path).ToList();
        IReadOnlyList<RecordedHello> hellos = replays ? HelloSet.ReadShipped() : [];
        if (folder is not null)
        {
            var (own, wrong) = HelloSet.ReadFolder(folder);
            if (wrong.Count > 0)
            {
                ProblemReport.Write(console.Error, wrong);
                return ExitCode.Unanswered;
            }

            hellos = [.. hellos, .. own];
        }

        var certificates = new ConfiguredCertificates(result);
        var problems = ProblemList.InOrder(
        [
            .. result.Problems, .. openSslProblems, .. new CertificateProblems(result, certificates, time.GetUtcNow()).Find(),
            .. TicketKeyProblems(result.TicketKeys), .. EndedPolicies(result.Policies, time.GetUtcNow()),
        ]);
        var report = CheckConfigReport.Of(
            loader.Path, problems, IsNative(result.Settings) && openSslProblems.Count == 0 ? OpenSslLibrary.Version : null);
        if (replays && report.Valid)
        {
            report = report with { Clients = await CompatibilityCheck.RunAsync(result.Settings!, hellos, time, stop) };
        }

        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Default.CheckConfigReport));
        }
        else
        {
            ProblemReport.Write(output, problems);
            if (result.Settings is { } settings
                && settings.Listeners.SelectMany(static listener => listener.NameRoutes).Any()
                && !certificates.Snapshot.All.IsEmpty)
            {
                ServedCertificates.Write(output, settings.Listeners, certificates, time.GetUtcNow());
            }

            if (report.OpenSsl is { } version)
            {
                await output.WriteLineAsync($"native engine: OpenSSL {version}");
            }

            if (report.Clients is { } clients)
            {
                ClientTable.Write(output, clients);
            }

            await output.WriteLineAsync($"{loader.Path}: {(report.Valid ? "valid" : "not valid")}, {ProblemReport.Count(problems)}");
        }

        return report.Valid ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool IsNative([NotNullWhen(true)] GatewaySettings? settings) => settings?.Engine.IsManaged() == false;

    private static IEnumerable<Problem> OpenSslProblems(GatewaySettings? settings, string file)
    {
        if (!IsNative(settings) || OpenSslLibrary.TryLoad(settings.Native.OpenSsl, out var obstacle))
        {
            yield break;
        }

        yield return settings.Native.OpenSsl is { } folder
            ? new(Severity.Error, new Origin(file), "native.openssl", folder, $"cannot be used: {obstacle}",
                $"name a folder with {OpenSslLibrary.Crypto} and {OpenSslLibrary.Ssl} of OpenSSL 3 for this system, or remove it")
            : new(Severity.Warning, new Origin(file), "engine", null, $"falls back to managed: {obstacle}", "do that, or write engine: managed");
    }

    private static IEnumerable<Problem> EndedPolicies(IReadOnlyList<Draft<PolicySettings>> policies, DateTimeOffset now) =>
        from policy in policies
        where policy.Settings.Until <= now
        let place = policy.Scope.Place(PolicySchema.Until, policy.Settings.Until)
        select new Problem(
            Severity.Warning, place.Origin, place.Setting, new InstantType().Format(policy.Settings.Until.GetValueOrDefault()),
            "is over: the policy matches nothing any more", "remove it, or write a later moment");

    private static IEnumerable<Problem> TicketKeyProblems(IReadOnlyList<Placed<string>> files)
    {
        foreach (var (file, setting, origin) in files)
        {
            var (key, problem, warning) = TicketKeyLoader.Load(file);
            if ((problem ?? warning) is { } words)
            {
                yield return new(
                    key is null ? Severity.Error : Severity.Warning, origin, setting, null,
                    key is null ? $"is not usable: {words}" : $"is not safe: {words}",
                    key is null
                        ? "the gateway does not start without it"
                        : "leave the rights of its owner alone; the gateway takes the key nevertheless");
            }
        }
    }
}
