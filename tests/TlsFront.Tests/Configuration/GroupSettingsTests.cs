namespace TlsFront.Tests.Configuration;

/// <summary>Groups of backends that lead to nothing.</summary>
public sealed class GroupSettingsTests
{
    [Theory]
    [InlineData("mail", "[\"a.example:143\", \"b.example:143\"]", "mail", "[\"B.example:110\"]")]
    [InlineData(
        "mail", "[\"a.example:143\"]", "mail", "[\"b.example:110\"]",
        "Warning 9 backends.1.group: has no effect between this backend and imap, which have no host in common; "
        + "write hosts of destinations alike in both, or name different groups")]
    [InlineData(
        "mail", "[\"a.example:143\"]", "mall", "[\"a.example:110\"]",
        "Warning 8 backends.0.group: is named by this backend alone; "
        + "did you mean mall? name it in the other backends of the same users, or remove it",
        "Warning 9 backends.1.group: is named by this backend alone; "
        + "did you mean mail? name it in the other backends of the same users, or remove it")]
    [InlineData(
        "mail one", "[\"a.example:143\"]", "mail", "[\"a.example:110\"]",
        "Error 8 backends.0.group: is not fit for a name; write at most 64 letters, digits, hyphens, underscores and dots",
        "Warning 9 backends.1.group: is named by this backend alone; name it in the other backends of the same users, or remove it")]
    public void What_leads_to_nothing_is_told(string imap, string imapServers, string pop3, string pop3Servers, params string[] expected)
    {
        using var folder = new SettingsFolder($$"""
            hostname: mail.example.com
            certificates: [ { path: certificate.pem } ]
            listeners:
              - { name: imap, address: "*:1993", protocol: imap, backend: imap }
              - { name: pop3, address: "*:1995", protocol: pop3, backend: pop3 }

            backends:
              - { name: imap, kind: dovecot, group: {{imap}}, destinations: {{imapServers}} }
              - { name: pop3, kind: cyrus, group: {{pop3}}, destinations: {{pop3Servers}} }
            """);

        Assert.Equal(
            expected,
            folder.Load().Problems.Select(static problem =>
                $"{problem.Severity} {problem.Origin.Line} {problem.Setting}: {problem.Message}; {problem.Remedy}"));
    }
}
