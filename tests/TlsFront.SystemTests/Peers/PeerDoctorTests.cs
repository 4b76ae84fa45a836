using TlsFront.SystemTests.Diagnosis;
using TlsFront.SystemTests.Peers.Patients;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Peers;

/// <summary>What <c>tlsfront doctor</c> says of real OpenSMTPD, Exim and Cyrus is done to the letter, until it has nothing to say any more.</summary>
public sealed class PeerDoctorTests(ITestOutputHelper output)
{
    /// <summary>Visits in which all must be well: one to find the fault, one for what it had hidden, one to find nothing.</summary>
    private const int Visits = 4;

    private static readonly string Pki = $"pki {DebianRoot.InternalName}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_remedies_help(bool takesTheLast)
    {
        using var root = await DebianRoot.CreateAsync();
        var tls = $"tls: {{ mode: implicit, ca: {root.AuthorityFile}, serverName: {DebianRoot.InternalName} }}";
        EximPatient[] exims =
        [
            new("exim-no-header-there", "proxy_not_expected", ["hosts_proxy ="]),
            new("exim-no-header-here", "proxy_expected", [], "proxyProtocol: none"),
            new(
                "exim-tls-there", "backend_speaks_tls",
                ["tls_on_connect_ports = PORT", $"tls_certificate = {EximPatient.EximCertificate}", $"tls_privatekey = {EximPatient.EximKey}"]),
            new("exim-tls-here", "backend_speaks_plain", [], tls),
            new("exim-no-auth", "auth_hidden", ["auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}"]),
            new(
                "exim-starttls", "starttls_offered_inside",
                ["tls_advertise_hosts = *", $"tls_certificate = {EximPatient.EximCertificate}", $"tls_privatekey = {EximPatient.EximKey}"]),
        ];
        OpenSmtpdPatient[] listeners =
        [
            new("opensmtpd-no-header-there", Ports.Next(), "proxy_not_expected", $"smtps {Pki} auth", tls),
            new("opensmtpd-no-header-here", Ports.Next(), "proxy_expected", $"smtps {Pki} auth proxy-v2", tls, "proxyProtocol: none"),
            new("opensmtpd-tls-there", Ports.Next(), "backend_speaks_tls", $"smtps {Pki} auth proxy-v2"),
            new("opensmtpd-tls-here", Ports.Next(), "backend_speaks_plain", "proxy-v2", tls),
            new("opensmtpd-no-auth", Ports.Next(), "auth_hidden", $"smtps {Pki} proxy-v2", tls),
        ];
        CyrusPatient[] services =
        [
            new("cyrusheader", "imap", Ports.Next(), "proxy_not_expected", "imapd -p 128", "proxyProtocol: v2"),
            new("cyrusheader3", "pop3", Ports.Next(), "proxy_not_expected", "pop3d -p 128", "proxyProtocol: v2"),
            new("cyrustls", "imap", Ports.Next(), "backend_speaks_tls", "imapd -s"),
            new("cyrusplain", "pop3", Ports.Next(), "backend_speaks_plain", "pop3d -p 128", tls),
            new("cyruslogin", "imap", Ports.Next(), "login_disabled", "imapd"),
            new("cyruslogin3", "pop3", Ports.Next(), "login_disabled", "pop3d"),
        ];
        Patient[] patients = [.. exims, .. listeners, .. services];
        var sick = patients.ToList();
        for (var visit = 1; visit <= Visits && sick.Count > 0; visit++)
        {
            var daemons = new List<IAsyncDisposable>();
            try
            {
                foreach (var exim in exims.Where(sick.Contains))
                {
                    daemons.Add(await exim.StartAsync(root));
                }

                daemons.Add(await OpenSmtpd.StartAsync(root, userCount: 1, listeners.Select(static listener => listener.Listener)));
                daemons.Add(await CyrusPatient.StartAsync(root, services));
                var examined = (
                    await DoctorRun.ExamineAsync(
                        output,
                        [.. sick.Select(static patient => patient.Backend)]))
                            .ToDictionary(static entry => entry.Name, static entry => entry.Findings);
                if (visit == 1)
                {
                    Assert.Equal(
                        sick.Select(static patient => $"{patient.Name}: {patient.Finding}"),
                        sick.Select(patient => $"{patient.Name}: {(examined[patient.Name] is [var first, ..] ? first.Id : "nothing")}"));
                }

                foreach (var patient in sick.ToList())
                {
                    foreach (var finding in examined[patient.Name])
                    {
                        // -H is for a Cyrus that Debian does not have yet.
                        var (where, lines) = finding.Remedies.Where(
                            static remedy => !remedy.Where.Contains("3.12 and later", StringComparison.Ordinal)).ElementAt(takesTheLast ? ^1 : 0);
                        output.WriteLine($"visit {visit}, {patient.Name}, {finding.Id}: {where}: {string.Join(" / ", lines)}");
                        patient.Apply(where, lines, root.AuthorityFile);
                    }

                    if (examined[patient.Name].Count == 0)
                    {
                        sick.Remove(patient);
                    }
                }
            }
            finally
            {
                foreach (var daemon in Enumerable.Reverse(daemons))
                {
                    await daemon.DisposeAsync();
                }
            }
        }

        Assert.Empty(sick.Select(static patient => patient.Name));
    }
}
