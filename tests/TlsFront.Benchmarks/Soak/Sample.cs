using System.Globalization;

namespace TlsFront.Benchmarks.Soak;

/// <summary>What a gateway holds at one moment, by name.</summary>
internal sealed class Sample(IReadOnlyDictionary<string, double> values)
{
    public const string Resident = "resident memory, MiB";
    public const string Anonymous = "anonymous memory, MiB";
    public const string Descriptors = "descriptors";
    public const string Connections = "connections";
    public const string Ssl = "SSL";
    public const string Records = "sessions without SSL";
    public const string Contexts = "SSL_CTX";
    public const string Stalls = "loop stalls";

    private static readonly Dictionary<string, string> Metrics = new()
    {
        ["tlsfront_active_connections{"] = Connections,
        ["tlsfront_native_objects{tlsfront_kind=\"ssl\"}"] = Ssl,
        ["tlsfront_native_objects{tlsfront_kind=\"records\"}"] = Records,
        ["tlsfront_native_objects{tlsfront_kind=\"ssl_ctx\"}"] = Contexts,
        ["tlsfront_loop_stalls_total{"] = Stalls,
    };

    /// <summary>A value; null if this gateway does not tell it.</summary>
    public double? this[string name] => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>Looks at process <paramref name="id"/> and at the text of its metrics.</summary>
    public static Sample Take(int id, string metrics)
    {
        var status = File.ReadAllLines($"/proc/{id}/status");
        var values = new Dictionary<string, double>
        {
            [Resident] = Mebibytes(status, "VmRSS:"),
            [Anonymous] = Mebibytes(status, "RssAnon:"),
            [Descriptors] = CountDescriptors(id),
        };
        foreach (var line in metrics.Split('\n'))
        {
            // Every series carries the meter's labels in front of its own.
            var text = WithoutScope(line);
            foreach (var (start, name) in Metrics)
            {
                if (text.StartsWith(start, StringComparison.Ordinal))
                {
                    values[name] = values.GetValueOrDefault(name) + ValueOf(text);
                }
            }
        }

        return new Sample(values);
    }

    /// <summary>Without the assemblies that a runtime with a JIT keeps open: it loads some only when they are first needed.</summary>
    private static int CountDescriptors(int id) => Directory.GetFileSystemEntries($"/proc/{id}/fd").Count(descriptor => !IsAssembly(descriptor));

    private static bool IsAssembly(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.EndsWith(".dll", StringComparison.Ordinal) is true;
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return false;
        }
    }

    private static string WithoutScope(string line)
    {
        const string Scope = "otel_scope_name=\"TlsFront\",";
        return line.Replace(Scope, "", StringComparison.Ordinal);
    }

    private static double ValueOf(string line) =>
        double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture);

    private static double Mebibytes(string[] status, string name) =>
        double.Parse(
            status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
            CultureInfo.InvariantCulture) / 1024;
}
