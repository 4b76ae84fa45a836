using TlsFront.Configuration;
using TlsFront.Tests.Configuration.Schema;

namespace TlsFront.Tests.Configuration;

/// <summary>A temporary folder with a configuration file and what it refers to.</summary>
internal sealed class SettingsFolder : IDisposable
{
    /// <summary>Valid, and without a warning. Line 1 is the first.</summary>
    public const string Good = """
        hostname: mail.example.com
        certificates:
          - path: certificate.pem
        listeners:
          - { name: submissions, address: "*:465", protocol: smtp, security: implicit, backend: postfix }
          - { name: imaps, address: "*:993", protocol: imap, security: implicit, backend: dovecot }
        backends:
          - { name: postfix, kind: postfix, destinations: ["10.0.0.5:10465"] }
          - { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:10143"] }
        """;

    public SettingsFolder(string yaml = Good)
    {
        Folder = Directory.CreateTempSubdirectory("tlsfront-settings-").FullName;
        File.WriteAllText(At("certificate.pem"), "");
        Write(yaml);
    }

    public string Folder { get; }

    /// <summary>The configuration file.</summary>
    public string Path => At("tlsfront.yaml");

    public string At(string name) => System.IO.Path.Combine(Folder, name);

    public void Write(string yaml) => File.WriteAllText(Path, yaml);

    public SettingsLoader Loader(IEnumerable<SettingOverride>? environment = null, IEnumerable<SettingOverride>? arguments = null) =>
        new(Path, environment ?? [], arguments ?? []);

    /// <summary>Reads the file, and holds the published schema against it.</summary>
    public SettingsResult Load()
    {
        var result = Loader().Load();
        PublishedSchema.Agrees(Path, result);
        return result;
    }

    /// <summary>Problems of a text, each as <c>line severity setting</c>.</summary>
    public static string[] Problems(string yaml)
    {
        using var folder = new SettingsFolder(yaml);
        return [.. folder.Load().Problems.Select(Describe)];
    }

    /// <summary>The only problem of a text.</summary>
    public static Problem Only(string yaml)
    {
        using var folder = new SettingsFolder(yaml);
        return Assert.Single(folder.Load().Problems);
    }

    public static string Describe(Problem problem) =>
        $"{problem.Origin.Line?.ToString() ?? "-"} {(problem.Severity == Severity.Error ? "error" : "warning")} {problem.Setting}";

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
