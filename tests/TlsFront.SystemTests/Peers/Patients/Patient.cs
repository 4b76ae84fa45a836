using TlsFront.SystemTests.Diagnosis;

namespace TlsFront.SystemTests.Peers.Patients;

/// <summary>A server with something wrong, or a gateway with something wrong before it, and somebody who does what the doctor says.</summary>
/// <param name="name">Name of its backend.</param>
/// <param name="protocol">What it speaks.</param>
/// <param name="port">Where, on 127.0.0.1.</param>
/// <param name="finding">What the doctor is to find first.</param>
/// <param name="settings">Settings of the backend, a line each.</param>
internal abstract class Patient(string name, string protocol, int port, string finding, params IEnumerable<string> settings)
{
    private readonly SortedDictionary<string, string> _settings = new(
        settings.ToDictionary(static line => line.Split(':')[0], static line => line), StringComparer.Ordinal);

    /// <summary>Name of its backend.</summary>
    public string Name => name;

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port => port;

    /// <summary>What the doctor is to find first.</summary>
    public string Finding => finding;

    /// <summary>As the gateway's settings have it now.</summary>
    public DoctoredBackend Backend => new(name, protocol, port, string.Join(", ", _settings.Values));

    /// <summary>Writes the printed lines where they belong. What is a placeholder there is filled in, nothing else is changed.</summary>
    public void Apply(string where, IReadOnlyList<string> lines, string authorityFile)
    {
        if (!where.Contains("tlsfront.yaml", StringComparison.Ordinal))
        {
            Write(where, lines);
            return;
        }

        Assert.Equal(["backends:", $"  - name: {name}"], lines.Take(2));
        foreach (var line in lines.Skip(2).Select(static line => line.Trim()))
        {
            _settings[line.Split(':')[0]] = line
                .Replace("FILE", authorityFile, StringComparison.Ordinal)
                .Replace("NAME", DebianRoot.InternalName, StringComparison.Ordinal);
        }
    }

    /// <summary>Writes lines into the server's own configuration.</summary>
    protected abstract void Write(string where, IReadOnlyList<string> lines);
}
