using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Configuration;

/// <summary>Certificates of clients whose server does not hear of them.</summary>
public sealed class ClientCertificateSettingsTests
{
    private const string Unheard = "does not learn of clients' certificates (tls.clientCertificates), by which nobody can log in there then";
    private const string Unnamed =
        "learns the common name of clients' certificates from the PROXY header, and not the mail address (tls.clientCertificates.user)";

    [Theory]
    [InlineData("backend: good")]
    [InlineData("backend: bad", "Warning listeners.0.backend: " + Unheard)]
    [InlineData("backend: told", "Warning listeners.0.backend: " + Unnamed)]
    [InlineData("backend: good, routes: [ { names: [a.example], backend: bad } ]", "Warning listeners.0.routes.0.backend: " + Unheard)]
    [InlineData("backend: good, routes: [ { users: [bob], backend: bad } ]", "Warning listeners.0.routes.0.backend: " + Unheard)]
    [InlineData(
        "backend: good, lookup: { url: \"http://127.0.0.1/\", backends: [bad] }",
        "Warning listeners.0.lookup.backends: names backend bad, which " + Unheard)]
    [InlineData("backend: good, userMap: users.map", "Warning listeners.0.userMap: names backend bad, which " + Unheard)]
    public void Each_way_to_such_a_server_is_told(string listener, params string[] expected)
    {
        using var folder = new SettingsFolder($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: imaps, address: "*:993", protocol: imap, {{listener}}, tls: { clientCertificates: { ca: ca.pem } } }
              - { name: all, address: "*:1993", protocol: imap, backend: good, routes: [
                  { names: [b.example], backend: bad }, { names: [c.example], backend: told } ] }
            backends:
              - { name: good, kind: dovecot, destinations: ["10.0.0.5:143"], master: { user: gateway, passwordFile: master } }
              - { name: bad, kind: dovecot, proxyProtocol: none, destinations: ["10.0.0.6:143"] }
              - { name: told, kind: dovecot, proxyProtocol: v2, destinations: ["10.0.0.7:143"] }
            """);
        File.WriteAllText(folder.At("ca.pem"), TestAuthority.Shared.Root.ExportCertificatePem());
        File.WriteAllText(folder.At("master"), "m4ster-s3cret\n");
        File.WriteAllText(folder.At("users.map"), "bob bad\n");

        // The file with the password is told of as well: everybody can read it.
        Assert.Equal(
            expected,
            from problem in folder.Load().Problems
            where problem.Setting.StartsWith("listeners.", StringComparison.Ordinal)
            select $"{problem.Severity} {problem.Setting}: {problem.Message}");
    }
}
