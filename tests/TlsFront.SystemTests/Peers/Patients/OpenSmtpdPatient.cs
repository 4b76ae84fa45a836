namespace TlsFront.SystemTests.Peers.Patients;

/// <summary>A listener of an OpenSMTPD, by its line in smtpd.conf.</summary>
internal sealed class OpenSmtpdPatient(string name, int port, string finding, string options, params IEnumerable<string> settings)
    : Patient(name, "smtp", port, finding, ["kind: opensmtpd", .. settings])
{
    /// <summary>The line.</summary>
    public string Listener { get; private set; } = $"listen on 127.0.0.1 port {port} {options}";

    protected override void Write(string where, IReadOnlyList<string> lines)
    {
        var line = Assert.Single(lines);
        Assert.Contains("smtpd.conf,", where, StringComparison.Ordinal);
        Assert.StartsWith($"listen on 127.0.0.1 port {Port} ", line, StringComparison.Ordinal);
        Listener = line.Replace("NAME", DebianRoot.InternalName, StringComparison.Ordinal);
    }
}
