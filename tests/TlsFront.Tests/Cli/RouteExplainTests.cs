using System.CommandLine;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Cli;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront route explain</c>. It needs no certificate, and no gateway that runs.</summary>
public sealed class RouteExplainTests : IDisposable
{
    private readonly SettingsFolder _folder = new("""
        hostname: mail.example.com
        certificates: [ { path: certificate.pem } ]
        listeners:
          - name: imaps
            address: "*:993"
            protocol: imap
            backend: dovecot-a
            userMap: users.map
            routes:
              - { names: [imap.example.net, "*.example.net"], backend: dovecot-b }
              - users: [ann, "*@example.org"]
                backend: dovecot-b
              - { users: ["*"], names: [beta.example.org], backend: dovecot-b }
          - { name: submissions, address: "*:465", protocol: smtp, backend: postfix }
          - { name: asking, address: "*:1993", protocol: imap, backend: dovecot-a, lookup: { url: "http://127.0.0.1/auth" }, routes: [ { users: [ann], backend: dovecot-b } ] }
        backends:
          - { name: dovecot-a, kind: dovecot, destinations: ["10.0.0.5:143", "10.0.0.6:143"] }
          - { name: dovecot-b, kind: dovecot, destinations: ["10.0.0.7:143"] }
          - { name: postfix, kind: postfix, destinations: ["10.0.0.5:25"] }
        """);

    public RouteExplainTests() => File.WriteAllText(_folder.At("users.map"), """
        # who is where
        Bob@Example.org  dovecot-a:10.0.0.6:143
        @example.com     dovecot-a

        """);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bob@example.org", "imaps", null, "dovecot-a", "10.0.0.6:143", "users.map:2 \"bob@example.org\"")]
    [InlineData("BOB@example.org", "imaps", "imap.example.net", "dovecot-a", "10.0.0.6:143", "users.map:2 \"bob@example.org\"")]
    [InlineData("jim@example.com", "imaps", null, "dovecot-a", null, "users.map:3 \"@example.com\"")]
    [InlineData("jim@example.org", "imaps", null, "dovecot-b", null, "tlsfront.yaml:11 listeners.0.routes.1.users.1 \"*@example.org\"")]
    [InlineData("jim", "imaps", "Beta.Example.org", "dovecot-b", null, "tlsfront.yaml:13 listeners.0.routes.2.users.0 \"*\"")]
    [InlineData("jim", "imaps", "imap.example.net", "dovecot-b", null, "tlsfront.yaml:10 listeners.0.routes.0.names.0 \"imap.example.net\"")]
    [InlineData("jim", "imaps", "pop.example.net", "dovecot-b", null, "tlsfront.yaml:10 listeners.0.routes.0.names.1 \"*.example.net\"")]
    [InlineData("jim", "imaps", "other.example", "dovecot-a", null, "tlsfront.yaml:7 listeners.0.backend \"dovecot-a\"")]
    [InlineData("jim", "submissions", null, "postfix", null, "tlsfront.yaml:14 listeners.1.backend \"postfix\"")]
    public async Task It_says_the_backend_and_the_line(
        string user, string listener, string? name, string backend, string? destination, string line)
    {
        string[] asked = ["--user", user, "--listener", listener, .. name is null ? Array.Empty<string>() : ["--name", name]];
        Assert.Equal(
            (0, $"""
            {user} on {listener}{(name is null ? "" : $" as {name.ToLowerInvariant()}")}
              backend      {backend}
            {(destination is null ? "" : $"  destination  {destination}\n")}  by           {_folder.At(line)}

            """, ""),
            await RunAsync(asked));
    }

    [Fact]
    public async Task It_says_the_group_of_the_backend_and_who_else_is_in_it()
    {
        File.WriteAllText(_folder.Path, File.ReadAllText(_folder.Path)
            .Replace("dovecot-b, kind: dovecot,", "dovecot-b, kind: dovecot, group: mail,", StringComparison.Ordinal)
            .Replace("postfix, kind: postfix,", "postfix, kind: postfix, group: mail,", StringComparison.Ordinal));
        var (_, output, _) = await RunAsync("--user", "jim@example.org", "--listener", "imaps");
        Assert.Contains("  backend      dovecot-b\n  group        mail, with postfix\n  by           ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_who_would_be_asked_and_does_not_ask()
    {
        Assert.Equal(
            (0, $"""
            bob on asking
              backend      (lookup): what the service answers when the user logs in; it is not asked now
              by           {_folder.At("tlsfront.yaml:15 listeners.2.lookup.url \"http://127.0.0.1/auth\"")}

            """, ""),
            await RunAsync("--user", "bob", "--listener", "asking"));
        Assert.Contains("  backend      dovecot-b\n", (await RunAsync("--user", "ann", "--listener", "asking")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_there_is_not_is_exit_code_2() =>
        Assert.Equal(
            (2, "", "there is no listener \"imap\"; did you mean imaps? the listeners are imaps, submissions, asking\n"),
            await RunAsync("--user", "bob", "--listener", "imap"));

    [Theory]
    [InlineData("--user", "bob")]
    [InlineData("--listener", "imaps")]
    [InlineData("--user", "", "--listener", "imaps")]
    [InlineData("--user", "bob", "--listener", "imaps", "--expect", "expected")]
    [InlineData]
    public async Task What_is_asked_must_be_said(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("route explain needs --user and --listener, or --expect alone.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_name_must_be_one()
    {
        var (exitCode, _, error) = await RunAsync("--user", "bob", "--listener", "imaps", "--name", "10.0.0.5");
        Assert.Equal(1, exitCode);
        Assert.Contains("--name needs a host name, such as imap.example.org, and not '10.0.0.5'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_map_is_a_problem_of_the_settings_for_every_command()
    {
        File.AppendAllText(_folder.At("users.map"), "jim nowhere\n");
        foreach (var command in new[] { "route explain --user bob --listener imaps", "check-config" })
        {
            var (exitCode, output, error) = await RunAllAsync([.. command.Split(' ')]);
            Assert.Equal(1, exitCode);
            Assert.Matches($"{_folder.At("users.map")}:4 +error +listeners.0.userMap \"nowhere\" is not the name of a backend", output + error);
        }
    }

    [Fact]
    public async Task Expectations_that_all_are_met_are_exit_code_0()
    {
        Assert.Equal((0, $"{_folder.At("expected")}: 5 lines, 0 differ\n", ""), await ExpectAsync("""
            # a line for each kind
            bob@example.org imaps dovecot-a
            bob@example.org imaps dovecot-a:10.0.0.6:143   # pinned
            jim@example.com	imaps	dovecot-a

            ann imaps dovecot-b
            ann submissions postfix
            """));
        Assert.Equal(1, (await ExpectAsync("jim imaps dovecot-b")).ExitCode);
        Assert.Equal(0, (await ExpectAsync("jim imaps dovecot-b", "--name", "imap.example.net")).ExitCode);
    }

    [Fact]
    public async Task What_is_not_as_expected_is_printed_and_exit_code_1() =>
        Assert.Equal(
            (1, $"""
            {_folder.At("expected")}:1: bob@example.org on imaps: expected dovecot-b, gets dovecot-a:10.0.0.6:143
            {_folder.At("expected")}:3: jim@example.com on imaps: expected dovecot-a:10.0.0.5:143, gets dovecot-a
            {_folder.At("expected")}: 3 lines, 2 differ

            """, ""),
            await ExpectAsync("""
            bob@example.org imaps dovecot-b
            ann imaps dovecot-b
            jim@example.com imaps dovecot-a:10.0.0.5:143
            """));

    [Fact]
    public async Task A_line_that_says_nothing_is_exit_code_2()
    {
        var (exitCode, output, error) = await ExpectAsync("bob imaps\njim imap dovecot-a\nann imaps dovecot-b\n");
        Assert.Equal((2, $"{_folder.At("expected")}: 3 lines, 0 differ\n"), (exitCode, output));
        Assert.Equal($"""
            {_folder.At("expected")}:1: write user, listener and backend, with spaces or tabs between them
            {_folder.At("expected")}:2: there is no listener "imap"; did you mean imaps? the listeners are imaps, submissions, asking

            """, error);
        var (missing, _, words) = await RunAsync("--expect", _folder.At("nowhere"));
        Assert.Equal(2, missing);
        Assert.StartsWith($"{_folder.At("nowhere")}: there is no such file", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_tells_of_the_table_and_the_exit_codes()
    {
        foreach (var help in new[] { await RunAllAsync(["route", "--help"]), await RunAllAsync(["route", "explain", "--help"]) })
        {
            Assert.Equal(0, help.ExitCode);
            Assert.Contains("user listener backend[:destination]", help.Output, StringComparison.Ordinal);
            Assert.Contains("2  unknown listener", help.Output, StringComparison.Ordinal);
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> ExpectAsync(string table, params string[] more)
    {
        await File.WriteAllTextAsync(_folder.At("expected"), table);
        return await RunAsync(["--expect", _folder.At("expected"), .. more]);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAllAsync(["route", "explain", .. arguments]);

    private async Task<(int ExitCode, string Output, string Error)> RunAllAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.Parse([.. arguments, "-c", _folder.Path], new Dictionary<string, string>(), new FakeTimeProvider())
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
