using System.CommandLine;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Cli;

/// <summary><c>tlsfront certificates</c>: what would be presented to clients, read from the files as they are now.</summary>
internal static class CertificatesCommand
{
    public static Command Create(ConfigurationOptions options, TimeProvider time)
    {
        var command = new Command("certificates", "List the certificates as their files are now: names, keys, chains, days left, and what each listener would present for each name, and where its routes lead.");
        options.AddTo(command);
        command.SetAction(parsed => List(options.Loader(parsed), time.GetUtcNow(), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
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
                Write(output, certificate, reading.Warnings(now), now);
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
        var days = Math.Floor((certificate.NotAfter - now).TotalDays);
        output.WriteLine(certificate.Source);
        output.WriteLine($"  names    {string.Join(", ", certificate.Names)}");
        output.WriteLine($"  key      {(certificate.KeyType == CertificateKeyType.Rsa ? "RSA" : "ECDSA")} {certificate.KeySize} bits");
        output.WriteLine($"  chain    {certificate.ChainLength} certificate{(certificate.ChainLength == 1 ? "" : "s")}{(certificate.HasChain ? "" : ", incomplete")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  valid    {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd} ({days} days left)"));
        foreach (var warning in warnings)
        {
            output.WriteLine($"  warning  {warning}");
        }
    }
}
