using System.CommandLine;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Cli;

/// <summary><c>tlsfront certificates</c>: what would be presented to clients, read from the files as they are now.</summary>
internal static class CertificatesCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command(
            "certificates", "List the certificates as their files are now: names, keys, chains, days left, and what each listener would present "
                + "for each name, and where its routes lead. The exit code is 1 if something must be done.");
        options.AddTo(command);
        command.SetAction(
            parsed => List(options.Loader(parsed), time.GetUtcNow(), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int List(SettingsLoader loader, DateTimeOffset now, TextWriter output, TextWriter error)
    {
        var result = loader.Load();
        if (result.Settings is not { } settings)
        {
            ProblemReport.Write(error, result.Problems);
            return ExitCode.Failure;
        }

        var exitCode = ExitCode.Success;
        var certificates = new ConfiguredCertificates(result);
        foreach (var reading in certificates.Readings)
        {
            if (reading.Certificate is { } certificate)
            {
                var warnings = reading.Warnings(now).ToList();
                Write(output, certificate, warnings, now);
                exitCode = warnings.Count > 0 ? ExitCode.Failure : exitCode;
            }
            else
            {
                error.WriteLine(reading.Problem);
                exitCode = ExitCode.Failure;
            }
        }

        if (!certificates.Snapshot.All.IsEmpty)
        {
            ServedCertificates.Write(output, settings.Listeners, certificates, now);
        }

        return exitCode;
    }

    private static void Write(TextWriter output, LoadedCertificate certificate, IEnumerable<string> warnings, DateTimeOffset now)
    {
        output.WriteLine(certificate.Source);
        string[] names = [.. certificate.Names, .. certificate.Addresses.Select(static address => address.ToString())];
        output.WriteLine($"  names    {string.Join(", ", names)}");
        output.WriteLine($"  key      {certificate.KeyType.Words()} {certificate.KeySize} bits");
        output.WriteLine(
            $"  chain    {certificate.ChainLength} "
            + $"certificate{(certificate.ChainLength == 1 ? "" : "s")}{(certificate.HasChain ? "" : ", incomplete")}");
        var dates = string.Create(CultureInfo.InvariantCulture, $"{certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}");
        output.WriteLine($"  valid    {dates} ({ServedCertificates.Left(certificate, now)})");
        foreach (var warning in warnings)
        {
            output.WriteLine($"  warning  {warning}");
        }
    }
}
