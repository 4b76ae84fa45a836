using System.Text.RegularExpressions;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.LoginAbuse;

/// <summary>
/// Debian's CrowdSec with what <c>deploy/crowdsec</c> adds to it, unpacked and not installed: its installation registers with a service on the
/// Internet.
/// </summary>
internal sealed partial class Crowdsec : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Configuration => _folder.PathOf("config.yaml");

    private string Package => _folder.PathOf("package");

    /// <summary>Unpacks it and writes its configuration.</summary>
    public async Task PrepareAsync()
    {
        const string Unpack = """
            cd "$1" || exit
            apt-get -qq download crowdsec || { apt-get -qq update && apt-get -qq download crowdsec; } || exit
            dpkg -x crowdsec_*.deb package
            """;
        (await Command.RunAsync("sh", ["-c", Unpack, "sh", _folder.Path])).Succeeded();
        var hub = $"{Package}/usr/share/crowdsec/hub";
        Copy($"{hub}/parsers/s00-raw/crowdsecurity/syslog-logs.yaml", "parsers/s00-raw/syslog-logs.yaml");
        Copy($"{hub}/parsers/s02-enrich/crowdsecurity/dateparse-enrich.yaml", "parsers/s02-enrich/dateparse-enrich.yaml");
        foreach (var file in (string[])["parsers/s01-parse/tlsfront-logs.yaml", "scenarios/tlsfront-bf.yaml", "scenarios/tlsfront-attack.yaml"])
        {
            Copy(Path.Combine(AppContext.BaseDirectory, "Deploy", "crowdsec", file), file);
        }

        _folder.Folder("postoverflows");
        (await Command.RunAsync("cp", ["-r", $"{Package}/etc/crowdsec/patterns", _folder.Path])).Succeeded();
        await File.WriteAllTextAsync(_folder.PathOf("acquis.yaml"), "");
        var port = Ports.Next();
        await File.WriteAllTextAsync(Configuration, $$"""
            common: { daemonize: false, log_media: stdout, log_level: info }
            config_paths:
              config_dir: {{_folder.Path}}/
              data_dir: {{_folder.Folder("data")}}/
              simulation_path: {{Package}}/etc/crowdsec/simulation.yaml
              hub_dir: {{hub}}/
              index_path: {{hub}}/.index.json
            crowdsec_service: { acquisition_path: {{_folder.PathOf("acquis.yaml")}}, parser_routines: 1 }
            cscli: { output: human }
            db_config: { type: sqlite, db_path: {{_folder.PathOf("data", "crowdsec.db")}} }
            api:
              client: { credentials_path: {{_folder.PathOf("credentials.yaml")}} }
              server: { enable: true, listen_uri: "127.0.0.1:{{port}}", profiles_path: {{Package}}/etc/crowdsec/profiles.yaml }
            prometheus: { enabled: false }

            """);
        (await Command.RunAsync($"{Package}/usr/bin/cscli", [
            "-c", Configuration, "machines", "add", "test", "--password", "test", "-f", _folder.PathOf("credentials.yaml"),
            "-u", $"http://127.0.0.1:{port}/"])).Succeeded();
    }

    /// <summary>Which addresses overflow which scenarios when it reads a log.</summary>
    public async Task<IReadOnlyList<(string Address, string Scenario)>> ReplayAsync(string log)
    {
        var file = _folder.PathOf("replayed.log");
        await File.WriteAllTextAsync(file, log);
        var run = await Command.RunAsync($"{Package}/usr/bin/crowdsec", ["-c", Configuration, "-type", "tlsfront", "-dsn", $"file://{file}"]);
        var overflows = Overflow().Matches(run.Succeeded().Output + run.Error);
        return [.. overflows.Select(static match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct().Order()];
    }

    public void Dispose() => _folder.Dispose();

    private void Copy(string from, string to) => File.Copy(from, _folder.PathOf(to.Split('/')));

    [GeneratedRegex(@"Ip (\S+) performed 'tlsfront/([\w-]+)'")]
    private static partial Regex Overflow();
}
