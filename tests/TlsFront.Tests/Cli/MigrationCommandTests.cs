using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront migration</c>, from a log to what an operator sees.</summary>
public sealed partial class MigrationCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new("""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imap, address: "*:143", protocol: imap, security: starttls, backend: dovecot }
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot, tls: { minimumVersion: "1.3" } }
        backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] } ]
        policies:
          - { name: office, action: allow, networks: [198.51.100.0/24] }
          - { name: pilot, action: refuse, transport: starttls, users: [bob@example.org] }
          - { name: brown-out, action: refuse, transport: starttls, users: [carl@example.org], sample: 1%, sampleOf: connections }
          - { name: later, action: refuse, transport: starttls, from: 2027-06-01T00:00Z }
          - { name: rest, action: warn, transport: starttls }
        """);

    public MigrationCommandTests() => File.WriteAllLines(
        _folder.At("log"),
        [
            Line("2027-01-31T10:00", "imap", "bob@example.org", "starttls", "1.3"),
            Line("2027-01-31T11:00", "imaps", "bob@example.org", "implicit", "1.3"),
            Line("2027-01-30T10:00", "imap", "ann@example.org", "starttls", "1.2"),
            Line("2027-01-29T10:00", "imap", "carl@example.org", "starttls", "1.3"),
            Line("2027-01-28T10:00", "imap", "office@example.org", "starttls", "1.3", "198.51.100.7"),
            Line("2027-01-27T10:00", "imaps", "old@example.org", "implicit", "1.2"),
            Line("2027-01-26T10:00", "pop3", "eve@example.org", "implicit", "1.3"),
            Line("2026-12-01T10:00", "imap", "gone@example.org", "starttls", "1.2"),
            "not a line of the log",
        ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_report_shows_who_has_to_move_and_how_far_it_is()
    {
        var (exitCode, output, error) = await RunAsync("report", "--since", "14d", _folder.At("log"));
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal("USER LOGINS CLEARTEXT STARTTLS TLS WARNED REFUSED EXPOSED LAST SEEN FROM PROGRAM JA4 REMARKS", lines[0]);
        Assert.Equal("bob@example.org 2 0 1 1.3 0 0 0 2027-01-31 11:00 192.0.2.0/24 - - -", lines[1]);
        Assert.Equal(
            ["bob@example.org", "ann@example.org", "carl@example.org", "office@example.org", "old@example.org", "eve@example.org"],
            lines.Skip(1).Take(6).Select(static line => line.Split(' ')[0]));
        Assert.Equal(
            "by implicit TLS 1.2 or later, all logins: in the last day 50% of logins, 0% of users; a week ago no logins; "
            + "a month ago no logins",
            lines[7]);
    }

    [Fact]
    public async Task A_report_as_CSV_is_safe_in_a_spreadsheet()
    {
        await File.AppendAllTextAsync(_folder.At("log"), Line("2027-01-31T11:30", "imaps", "=cmd|'/c,x'!A1", "implicit", "1.3") + "\n");
        var (_, output, _) = await RunAsync("report", "--output", "csv", _folder.At("log"));
        Assert.StartsWith(
            "name,logins,cleartext,starttls,old_tls,tls,warned,refused,exposed,first,last,listeners,networks,programs,ja4,"
            + "offers,kind,kind_evidence,refusal\n",
            output,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nbob@example.org,2,0,1,0,1.3,0,0,0,2027-01-31T10:00:00Z,2027-01-31T11:00:00Z,imap imaps,192.0.2.0/24,,,,unknown,,\n", output,
            StringComparison.Ordinal);
        Assert.Contains("\n\"'=cmd|'/c,x'!a1\",1,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_as_JSON_has_the_same()
    {
        var (_, output, _) = await RunAsync("report", "--output", "json", "--transport", "starttls", "--below", "1.3", _folder.At("log"));
        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.GetProperty("rows");
        Assert.Equal(["ann@example.org", "gone@example.org"], rows.EnumerateArray().Select(static row => row.GetProperty("name").GetString()));
        Assert.Equal(0.5, document.RootElement.GetProperty("progress").GetProperty("day").GetProperty("logins").GetDouble());
    }

    [Fact]
    public async Task A_mail_merge_is_of_those_who_have_something_to_do()
    {
        await File.AppendAllLinesAsync(
            _folder.At("log"),
            [
                Line("2027-01-31T11:30", "imap", "scan@example.org", "cleartext", "-"),
                Line("2027-01-31T11:40", "imaps", "printer@example.org", "implicit", "1.0"),
            ]);
        var (exitCode, output, _) = await RunAsync("report", "--since", "3d", "--output", "mail-merge", _folder.At("log"));
        Assert.Equal((0, """
            user,uses,from,programs,listeners,last_seen,what_to_do
            scan@example.org,cleartext,192.0.2.0/24,,imap,2027-01-31,"Choose SSL/TLS in the mail program, then change the password: others could read it"
            printer@example.org,TLS 1.0,192.0.2.0/24,,imaps,2027-01-31,Update the mail program or device: its TLS is too old
            bob@example.org,starttls,192.0.2.0/24,,imap imaps,2027-01-31,Choose SSL/TLS in place of STARTTLS in the mail program
            ann@example.org,starttls,192.0.2.0/24,,imap,2027-01-30,Choose SSL/TLS in place of STARTTLS in the mail program
            carl@example.org,starttls,192.0.2.0/24,,imap,2027-01-29,Choose SSL/TLS in place of STARTTLS in the mail program

            """), (exitCode, output));
    }

    /// <summary>Users choose their names: one that stands for others would exempt them.</summary>
    [Fact]
    public async Task An_allow_list_is_a_file_of_users_for_a_policy_and_nobody_stands_in_it_for_others()
    {
        await File.AppendAllLinesAsync(
            _folder.At("log"),
            ((string[])["*", "*@example.org", "#x", "./etc/passwd"])
                .Select(static name => Line("2027-01-31T11:30", "imap", name, "starttls", "1.3")));
        var (exitCode, output, error) = await RunAsync("allow-list", "--since", "3d", _folder.At("log"));
        Assert.Equal((0, "ann@example.org\nbob@example.org\ncarl@example.org\n"), (exitCode, output));
        Assert.Equal(4, error.Split("left out, as a list cannot have it: ").Length - 1);
        await File.WriteAllTextAsync(_folder.At("exempt"), output);
        var users = TlsFront.Configuration.UserFile.Read(_folder.At("exempt"));
        Assert.Empty(users.Problems);
        Assert.True(users.Users!.Contains("bob@example.org"));
        Assert.False(users.Users.Contains("old@example.org"));
    }

    [Fact]
    public async Task An_allow_list_of_nobody_is_none()
    {
        var (exitCode, output, error) = await RunAsync("allow-list", "--transport", "cleartext", _folder.At("log"));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("no accepted login", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_if_names_who_would_be_refused_and_by_which_line()
    {
        var (exitCode, output, error) = await RunAsync("what-if", "--output", "csv", "--since", "14d", "-c", _folder.Path, _folder.At("log"));
        Assert.Equal((2, ""), (exitCode, error));
        Assert.Equal($"""
            user,effect,logins,last,networks,programs,by,sure
            bob@example.org,refused,1,2027-01-31T10:00:00Z,192.0.2.0/24,,"{_folder.Path}:9 ""pilot"\",yes
            old@example.org,refused,1,2027-01-27T10:00:00Z,192.0.2.0/24,,"tls.minimumVersion 1.3 of listener ""imaps"\",yes
            eve@example.org,refused,1,2027-01-26T10:00:00Z,192.0.2.0/24,,"no listener ""pop3"\",yes
            carl@example.org,temporary,1,2027-01-29T10:00:00Z,192.0.2.0/24,,"{_folder.Path}:10 ""brown-out"\",yes
            ann@example.org,warned,1,2027-01-30T10:00:00Z,192.0.2.0/24,,"{_folder.Path}:12 ""rest"\",yes

            """.Replace("\\\"", "\"\"", StringComparison.Ordinal), Reasons().Replace(output, ""));
        Assert.Equal(
            [
                ",because", ",\"seen 1 time from 192.0.2.0/24, last success 2027-01-31\"",
                ",\"minimum is 1.3; seen 1 time from 192.0.2.0/24, last success 2027-01-27\"",
            ],
            Reasons().Matches(output).Take(3).Select(static reason => reason.Value));
    }

    [Fact]
    public async Task What_if_may_ask_about_a_later_moment_and_an_earlier_time()
    {
        var (exitCode, output, _) = await RunAsync(
            "what-if", "--output", "json", "--at", "2027-07-01T00:00Z", "--since", "2026-11-01T00:00Z", "-c", _folder.Path, _folder.At("log"));
        Assert.Equal(2, exitCode);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(
            ["bob@example.org", "ann@example.org", "carl@example.org", "old@example.org", "eve@example.org", "gone@example.org"],
            document.RootElement.EnumerateArray().Where(static outcome => outcome.GetProperty("effect").GetString() == "refused")
                .Select(static outcome => outcome.GetProperty("user").GetString()));
    }

    [Fact]
    public async Task Where_nobody_would_be_refused_it_says_so()
    {
        await File.WriteAllTextAsync(_folder.At("log"), Line("2027-01-31T10:00", "imaps", "bob@example.org", "implicit", "1.3"));
        var (exitCode, output, _) = await RunAsync("what-if", "-c", _folder.Path, _folder.At("log"));
        Assert.Equal((0, "1 login replayed: nobody would be refused or warned\n"
            + "not visible in these logins: clients with CRAM-MD5, DIGEST-MD5, APOP, GSSAPI or NTLM, which imap would no longer offer\n"),
            (exitCode, output));
    }

    [Theory]
    [InlineData("report", "1")]
    [InlineData("what-if", "1")]
    public async Task A_log_without_such_a_login_is_no_all_clear(string command, string days)
    {
        string[] configuration = command == "report" ? [] : ["-c", _folder.Path];
        var (exitCode, output, error) = await RunAsync([command, "--until", "300d", "--since", $"{days}d", .. configuration, _folder.At("log")]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("no accepted login for this time; ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_row_is_of_the_kind_it_says_so()
    {
        var (exitCode, output, error) = await RunAsync("report", "--kind", "machine", _folder.At("log"));
        Assert.Equal((1, "", "no row looks like a machine\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task What_if_sees_that_a_listener_changes_its_security()
    {
        await File.WriteAllTextAsync(_folder.At("log"), Line("2027-01-31T10:00", "imaps", "bob@example.org", "starttls", "1.3"));
        var (exitCode, output, _) = await RunAsync("what-if", "--output", "csv", "-c", _folder.Path, _folder.At("log"));
        Assert.Equal(2, exitCode);
        Assert.Contains("security implicit of listener \"\"imaps\"\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since", "", "--since needs a time")]
    [InlineData("--since", "yesterday", "--since needs a time such as 2027-03-31T00:00Z, or a number of days such as 14d, and not 'yesterday'.")]
    [InlineData("--since", "-1d", "--since needs a time")]
    [InlineData("--since", "14dd", "--since needs a time")]
    [InlineData("--since", "d", "--since needs a time")]
    [InlineData("--until", "99999999d", "--until needs a time")]
    [InlineData("--transport", "plain", "'plain'")]
    [InlineData("--group-by", "device", "'device'")]
    public async Task What_makes_no_sense_is_said(string option, string value, string words)
    {
        var (exitCode, _, error) = await RunAsync("report", option, value, _folder.At("log"));
        Assert.Equal(1, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_named()
    {
        var (exitCode, _, error) = await RunAsync("report", _folder.At("nowhere"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("the log cannot be read: ", error, StringComparison.Ordinal);
        Assert.Contains(_folder.At("nowhere"), error, StringComparison.Ordinal);
    }

    [GeneratedRegex(",because$|,\"(minimum is [0-9.]+; )?seen [^\"]*\"$", RegexOptions.Multiline)]
    private static partial Regex Reasons();

    private static string Line(string minute, string listener, string user, string security, string tls, string client = "192.0.2.7") =>
        $"{minute}:00.000Z info: TlsFront.AccessLog[400] 01M8RDCFMF5BVPE0 {listener} login accepted client={client}:5000 via=- user={user} name=- "
        + $"transport={security} tls={tls} cipher=TLS_AES_128_GCM_SHA256 group=- resumed=no ja4=- policy=- policyAction=- trace=-";

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse(["migration", .. arguments], new Dictionary<string, string>(), new FakeTimeProvider(Now))
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
