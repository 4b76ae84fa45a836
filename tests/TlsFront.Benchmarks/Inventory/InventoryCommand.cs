using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;

namespace TlsFront.Benchmarks.Inventory;

/// <summary>
/// <c>inventory</c>: what it costs to record logins, and how long a published program takes, with how much memory, to report and to replay them.
/// </summary>
internal static class InventoryCommand
{
    private const string Configuration = """
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot }
          - { name: submission, address: "*:587", protocol: smtp, security: starttls, backend: postfix }
        backends:
          - { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] }
          - { name: postfix, kind: postfix, destinations: ["10.0.0.5:25"] }
        policies: [ { name: pilot, action: refuse, transport: starttls } ]
        inventory: { path: inventory.db }
        """;

    private static readonly Option<string> Binary = new("--binary") { Description = "The published tlsfront", Required = true };
    private static readonly Option<int> Users = new("--users") { Description = "Users", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Days = new("--days") { Description = "Days on which each logs in", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command("inventory", "Recording, report and what-if with many users.") { Binary, Users, Days };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(Binary), parsed.GetValue(Users), parsed.GetValue(Days)));
        return command;
    }

    private static int Run(string binary, int users, int days)
    {
        var folder = Directory.CreateTempSubdirectory("tlsfront-benchmark-");
        try
        {
            var configuration = Path.Combine(folder.FullName, "tlsfront.yaml");
            File.WriteAllText(configuration, Configuration);
            File.WriteAllText(Path.Combine(folder.FullName, "certificate.pem"), "");
            var settings = new InventorySettings { Path = Path.Combine(folder.FullName, "inventory.db") };
            Record(settings, users, days);
            Console.WriteLine($"{new FileInfo(settings.Path).Length / 1024 / 1024} MiB in the file");
            Measure(binary, "report", configuration);
            Measure(binary, "what-if", configuration);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Each user twice a day: one in ten sends by STARTTLS, all read by implicit TLS, from two networks.</summary>
    private static void Record(InventorySettings settings, int users, int days)
    {
        using var store = InventoryStore.Of(settings, out var problem) ?? throw new InvalidOperationException(problem);
        var inventory = new LoginInventory(store, new UserNames(null), settings);
        var now = DateTimeOffset.UtcNow;
        var clients = Enumerable.Range(0, 50).Select(static client => new TlsFacts(
            client % 5 == 0 ? TlsVersion.Tls12 : TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", "mail.example.com", null)
        {
            Group = "x25519",
            Ja4 = $"t13d3110{client:00}_e8f1e7e78f70_1f22a2ca17c4",
        }).ToArray();
        var logins =
            from day in Enumerable.Range(0, days)
            from user in Enumerable.Range(0, users)
            from part in Enumerable.Range(0, 2)
            let isMoved = part == 0 || user % 10 > 0
            select new RecordedLogin(
                now.AddDays(day - days + 1).AddSeconds(-part), $"user{user}@example.org",
                new IPAddress([10, (byte)(user >> 8), (byte)(user + part), (byte)day]), isMoved ? "imaps" : "submission", isMoved ? "imap" : "smtp",
                isMoved ? "implicit" : "starttls", clients[user % clients.Length], null, LoginOutcome.Accepted, null, PolicyAction.None);

        var (started, cpu, count) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, 0L);
        foreach (var batch in logins.Chunk(settings.Buffer / 2))
        {
            count += inventory.Add(batch) is { } failure ? throw new InvalidOperationException(failure.Words) : batch.Length;
        }

        var (seconds, spent) = (Stopwatch.GetElapsedTime(started).TotalSeconds, Environment.CpuUsage.TotalTime - cpu);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} logins recorded in {seconds:0.0} s, {spent.TotalMicroseconds / count:0.0} us of processor time each"));
    }

    private static void Measure(string binary, string verb, string configuration)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" > /dev/null", "sh", binary, "migration", verb, "-c", configuration]);
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var peak = "";
        while (!process.WaitForExit(1))
        {
            peak = Peak(process.Id) ?? peak;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{verb}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s, peak {peak}, exit code {process.ExitCode}"));
    }

    /// <summary>The most memory it has had; null if it is over.</summary>
    private static string? Peak(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal))?[6..]
                .Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
