using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers.Patients;

/// <summary>A service of a Cyrus, by its line in cyrus.conf.</summary>
internal sealed class CyrusPatient(string name, string protocol, int port, string finding, string command, params IEnumerable<string> settings)
    : Patient(name, protocol, port, finding, ["kind: cyrus", .. settings])
{
    private string _service = $"{name} cmd=\"{command}\" listen=\"127.0.0.1:{port}\"";

    /// <summary>What it wants in imapd.conf.</summary>
    public List<string> Options { get; } = [];

    /// <summary>Starts the Cyrus of all of them.</summary>
    public static Task<Daemon> StartAsync(DebianRoot root, IReadOnlyList<CyrusPatient> services) => Cyrus.StartAsync(
        root,
        services[0].Port,
        services.Select(static service => service._service),
        services.SelectMany(static service => service.Options).Distinct());

    protected override void Write(string where, IReadOnlyList<string> lines)
    {
        var line = Assert.Single(lines);
        if (where.Contains("cyrus.conf,", StringComparison.Ordinal))
        {
            Assert.Contains($"listen=\"127.0.0.1:{Port}\"", line, StringComparison.Ordinal);
            _service = line;
        }
        else
        {
            Assert.Contains("imapd.conf", where, StringComparison.Ordinal);
            Options.Add(
                line.Replace(
                    "imapfront", _service.Split(' ')[0],
                    StringComparison.Ordinal).Replace("pop3front", _service.Split(' ')[0], StringComparison.Ordinal));
        }
    }
}
