using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>NSS: tstclnt for a transfer, and strsclnt, which resumes but has a small request of its own.</summary>
public sealed class NssClient() : InteropClient("NSS")
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite)
    {
        var database = await DatabaseAsync(target);

        // The name that it verifies is that of the host it looks up, which the certificates have as well.
        string[] session =
        [
            "-d", database, "-a", GatewayProcess.Name, "-p", $"{target.Port}", "-4", "-V", $"tls{suite.Version}:tls{suite.Version}", "-u",
        ];
        var answer = await Tool.ExchangeAsync(target, "tstclnt", ["-h", "localhost", "-f", "-c", $":{suite.Number}", .. session]);
        (await Command.RunAsync("strsclnt", ["-c", "2", "-t", "1", "-C", $":{suite.Number}", .. session, "localhost"])).Succeeded();
        return [answer];
    }

    /// <summary>A new one for what is to be trusted.</summary>
    private static async Task<string> DatabaseAsync(InteropTarget target)
    {
        var database = "sql:" + target.Folder.Folder($"nss-{Guid.NewGuid():N}");
        (await Command.RunAsync("certutil", ["-N", "-d", database, "--empty-password"])).Succeeded();
        foreach (var (index, root) in File.ReadAllText(target.Authority).Split("-----END").SkipLast(1).Index())
        {
            var file = target.PathOf($"nss.{index}.pem");
            await File.WriteAllTextAsync(file, root[root.IndexOf("-----BEGIN", StringComparison.Ordinal)..] + "-----END CERTIFICATE-----\n");
            (await Command.RunAsync("certutil", ["-A", "-d", database, "-n", $"root{index}", "-t", "C,,", "-i", file])).Succeeded();
        }

        return database;
    }
}
