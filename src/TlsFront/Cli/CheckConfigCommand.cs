using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
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
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed => Check(options.Loader(parsed), parsed.GetValue(json), time, parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Check(SettingsLoader loader, bool asJson, TimeProvider time, TextWriter output)
    {
        var result = loader.Load();

        // Before anything asks for a certificate, and so for OpenSSL.
        var openSslProblems = OpenSslProblems(result.Settings, loader.Path).ToList();
        var certificates = new ConfiguredCertificates(result);
        var problems = ProblemList.InOrder(
        [
            .. result.Problems, .. openSslProblems, .. new CertificateProblems(result, certificates, time.GetUtcNow()).Find(),
            .. TicketKeyProblems(result.TicketKeys), .. EndedPolicies(result.Policies, time.GetUtcNow()),
        ]);
        var report = CheckConfigReport.Of(
            loader.Path, problems, IsNative(result.Settings) && openSslProblems.Count == 0 ? OpenSslLibrary.Version : null);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.CheckConfigReport));
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
                output.WriteLine($"native engine: OpenSSL {version}");
            }

            output.WriteLine($"{loader.Path}: {(report.Valid ? "valid" : "not valid")}, {ProblemReport.Count(problems)}");
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
