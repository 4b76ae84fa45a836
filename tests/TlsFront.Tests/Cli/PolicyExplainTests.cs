using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront policy explain</c>, and what <c>check-config</c> says of policies that are over.</summary>
public sealed class PolicyExplainTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new("""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - { name: imap, address: "*:143", protocol: imap, security: starttls, backend: dovecot }
          - { name: imaps, address: "*:993", protocol: imap, backend: dovecot }
        backends: [ { name: dovecot, kind: dovecot, destinations: ["10.0.0.5:143"] } ]
        policies:
          - { name: old-pilot, action: refuse, users: [carl], until: 2026-12-01T00:00Z }
          - { name: printers, action: allow, networks: [10.20.0.0/16] }
          - { name: pilot, action: refuse, transport: starttls, users: [./pilot], message: "Please use port 993" }
          - { name: later, action: refuse, transport: starttls, from: 2027-04-01T00:00+02:00 }
        """);

    public PolicyExplainTests() => File.WriteAllText(_folder.At("pilot"), "# first group\nbob@example.org\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_names_the_line_that_decides_and_why_those_above_it_do_not()
    {
        var (exitCode, output, error) = await RunAsync("--user", "Bob@Example.org", "--listener", "imap", "--tls", "1.2");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($"""
            bob@example.org on imap from 192.0.2.1 by starttls TLS 1.2 at 2027-01-01T12:00:00Z
              decision     refuse
              by           {_folder.Path}:10 "pilot"
              told         Please use port 993
              passed       {_folder.Path}:8 "old-pilot" no longer applies
              passed       {_folder.Path}:9 "printers" is not for the client's address

            """, output);
    }

    [Fact]
    public async Task Where_none_matches_the_login_goes_on()
    {
        var (exitCode, output, _) = await RunAsync("--user", "ann", "--listener", "imap");
        Assert.Equal(0, exitCode);
        Assert.Contains("  decision     none: no policy matches, and the login goes on\n", output, StringComparison.Ordinal);
        Assert.Contains("\"pilot\" is not for the user\n", output, StringComparison.Ordinal);
        Assert.Contains("\"later\" does not apply yet\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_moment_may_be_asked_about()
    {
        var (_, output, _) = await RunAsync("--user", "ann", "--listener", "imap", "--at", "2027-04-01T00:00+02:00");
        Assert.StartsWith(
            "ann on imap from 192.0.2.1 by starttls TLS 1.3 at 2027-04-01T00:00:00+02:00\n  decision     refuse\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--client", "10.20.3.4", "allow")]
    [InlineData("--client", "::ffff:10.20.3.4", "allow")]
    [InlineData("--listener", "imaps", "none")]
    public async Task Where_the_client_is_and_how_it_comes_count(string option, string value, string decision)
    {
        var (_, output, _) = await RunAsync([
            "--user", "bob@example.org", option, value, .. option == "--listener" ? Array.Empty<string>() : ["--listener", "imap"]
        ]);
        Assert.Contains($"  decision     {decision}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--client", "nowhere", "--client nowhere needs an address")]
    [InlineData("--at", "2027-04-01T00:00", "--at 2027-04-01T00:00 has no zone")]
    [InlineData("--name", "a b", "--name a b needs a host name")]
    [InlineData("--tls", "3.0", "'3.0'")]
    public async Task What_makes_no_sense_is_said(string option, string value, string words)
    {
        var (exitCode, _, error) = await RunAsync("--user", "bob", "--listener", "imap", option, value);
        Assert.Equal(1, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_listener_is_named_with_those_there_are()
    {
        var (exitCode, output, error) = await RunAsync("--user", "bob", "--listener", "imapz");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal("there is no listener \"imapz\"; did you mean imap? the listeners are imap, imaps\n", error);
    }

    [Fact]
    public async Task A_policy_that_is_over_is_warned_of()
    {
        var (_, output, _) = await RunAsync("check-config", []);
        Assert.Contains(
            $"{_folder.Path}:8  warning  policies.0.until \"2026-12-01T00:00:00Z\" is over: the policy matches nothing any more\n", output,
            StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync("policy", ["explain", .. arguments]);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string command, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] all = [command, .. arguments, "-c", _folder.Path];
        var exitCode = await CommandLine.Parse(all, new Dictionary<string, string>(), new FakeTimeProvider(Now))
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
