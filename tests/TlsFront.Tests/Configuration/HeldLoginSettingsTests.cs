namespace TlsFront.Tests.Configuration;

/// <summary>Settings that have logins held, where that cannot work or leads to nothing.</summary>
public sealed class HeldLoginSettingsTests
{
    private const string Unkept = "Warning listeners.0.authentication: has no effect: "
        + "the listener holds logins (routes[].users, userMap, lookup, policies, stickiness or master), so nobody sends mail without one";

    [Theory]
    [InlineData("smtp", "authentication: optional, routes: [ { users: [bob], backend: c } ]", "none", "[\"a:1\", \"b:1\"]", Unkept)]
    [InlineData("smtp", "authentication: optional", "user", "[\"a:1\", \"b:1\"]", Unkept)]
    [InlineData("smtp", "authentication: optional", "none", "[\"a:1\", \"b:1\"]")]
    [InlineData("smtp", "routes: [ { users: [bob], backend: c } ]", "user", "[\"a:1\", \"b:1\"]")]
    [InlineData(
        "tcp", "tls: {}", "user", "[\"a:1\", \"b:1\"]",
        "Warning backends.0.stickiness: has no effect: protocol tcp is relayed unread, and its users are not known")]
    [InlineData(
        "imap", "tls: {}", "user", "[\"a:1\"]",
        "Warning backends.0.stickiness: has no effect: there is one destination, and logins are held for nothing")]
    public void What_cannot_be_is_told(string protocol, string more, string stickiness, string destinations, params string[] expected)
    {
        using var folder = new SettingsFolder($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: l, address: "*:1993", protocol: {{protocol}}, backend: b, {{more}} }
            backends:
              - { name: b, proxyProtocol: v2, stickiness: {{stickiness}}, destinations: {{destinations}} }
            {{(more.Contains("backend: c", StringComparison.Ordinal) ? "  - { name: c, proxyProtocol: v2, destinations: [\"c:1\"] }" : "")}}
            """);

        Assert.Equal(expected, folder.Load().Problems.Select(static problem => $"{problem.Severity} {problem.Setting}: {problem.Message}"));
    }
}
