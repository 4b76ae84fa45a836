using System.CommandLine;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Admin;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Routing;

namespace TlsFront.Tests.Functional;

/// <summary>Operators hold logins of users and move them, over the admin endpoint and from a shell.</summary>
public sealed class UserCommandTests : IDisposable
{
    private const string Path = "/api/v1/users";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-users");
    private readonly LogTap _log = new("UserHeld", "UserReleased", "UserMoved", "UserUnmoved");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Holds_and_moves_are_made_listed_and_ended()
    {
        await using var gateway = await StartAsync();
        using var admin = new AdminClient(Admin());
        var before = DateTimeOffset.UtcNow;
        var held = await AskAsync(admin, "hold?user=Bob%40Example.org&for=2m");
        Assert.Equal(("bob@example.org", 0, 0), (held.User, held.Waiting, held.Moves.Count));
        Assert.InRange(held.HeldUntil!.Value, before + TimeSpan.FromMinutes(2), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(2));
        Assert.Equal(
            "UserHeld: Holding logins of user bob@example.org for up to 00:02:00, requested by the admin socket", await _log.NextAsync());

        await AskAsync(admin, "move?user=bob%40example.org&to=dovecot-imap%3A192.0.2.1%3A10143");
        Assert.StartsWith(
            "UserMoved: Moved user bob@example.org to dovecot-imap:192.0.2.1:10143 for imap,",
            await _log.NextAsync(), StringComparison.Ordinal);
        var listed = Assert.Single(await ListAsync(admin));
        Assert.Equal(held.HeldUntil, listed.HeldUntil);
        Assert.Equal(new UserMove("imap", "dovecot-imap", "192.0.2.1:10143"), Assert.Single(listed.Moves));

        // A reload changes nothing about them.
        gateway.Store.Replace(gateway.Store.Current with { HostName = "mx.example.com" });
        Assert.Single(await ListAsync(admin));

        Assert.Null((await AskAsync(admin, "release?user=bob%40example.org")).HeldUntil);
        Assert.StartsWith("UserReleased: ", await _log.NextAsync(), StringComparison.Ordinal);
        Assert.Empty((await AskAsync(admin, "unmove?user=bob%40example.org")).Moves);
        Assert.StartsWith("UserUnmoved: ", await _log.NextAsync(), StringComparison.Ordinal);
        Assert.Empty(await ListAsync(admin));
    }

    [Theory]
    [InlineData("hold", "user is empty")]
    [InlineData("hold?user=*%40example.org", "user stands for several users")]
    [InlineData("hold?user=bob&for=60", "the time of a hold has no unit")]
    [InlineData("hold?user=bob&for=11m", "the time of a hold is out of range; write 1s to 10m")]
    [InlineData("hold?user=bob&fro=60s", "fro is no parameter here")]
    [InlineData("hold?user=bob&user=alice", "user is no parameter here, or is given twice")]
    [InlineData("release?user=bob", "logins of bob are not held")]
    [InlineData("unmove?user=bob", "bob is not moved")]
    [InlineData("move?user=bob", "say where to")]
    [InlineData("move?user=bob&to=dovecot", "dovecot is not the name of a backend; did you mean dovecot-")]
    [InlineData("move?user=bob&to=dovecot-imap:192.0.2.1:143", "is no destination of backend dovecot-imap")]
    [InlineData("move?user=bob&to=dovecot-imap&protocol=smtp", "no listener of protocol smtp holds logins")]
    public async Task What_makes_no_sense_is_said_and_changes_nothing(string command, string words)
    {
        await using var gateway = await StartAsync();
        using var admin = new AdminClient(Admin());
        var (document, problem) = await admin.AskAsync(HttpMethod.Post, $"{Path}/{command}", default);
        Assert.Null(document);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(admin));
    }

    [Fact]
    public async Task A_move_holds_for_all_protocols_of_a_group_until_it_is_taken_back()
    {
        await using var gateway = await StartAsync("mail");
        using var admin = new AdminClient(Admin());
        var moved = await AskAsync(admin, "move?user=bob&to=dovecot-imap%3A192.0.2.1%3A10143");
        UserMove[] expected = [new("imap", "dovecot-imap", "192.0.2.1:10143"), new("pop3", "dovecot-pop3", "192.0.2.1:10110")];
        Assert.Equal(expected, moved.Moves);
        Assert.Equal(expected, Assert.Single(await ListAsync(admin)).Moves);
        Assert.Equal(
            ["imap", "pop3"],
            from line in (string[])[await _log.NextAsync(), await _log.NextAsync()]
            select line.Split(" for ")[1].Split(',')[0]);

        // Another one for a single protocol leaves the other where it is.
        moved = await AskAsync(admin, "move?user=bob&to=dovecot-imap&protocol=pop3");
        Assert.Equal([expected[0], new("pop3", "dovecot-pop3", null)], moved.Moves);
        Assert.Empty((await AskAsync(admin, "unmove?user=bob")).Moves);
        Assert.Empty(await ListAsync(admin));
    }

    [Fact]
    public async Task A_hold_that_no_login_would_mind_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with { Admin = Admin() });
        using var admin = new AdminClient(Admin());
        var (_, problem) = await admin.AskAsync(HttpMethod.Post, $"{Path}/hold?user=bob", default);
        Assert.Contains($"{MoveTarget.NoneHoldsLogins} (409)", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_shown_to_nobody_without_the_token()
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.GetAsync(Path));
    }

    [Fact]
    public async Task The_commands_do_it_from_a_shell()
    {
        await using var gateway = await StartAsync();
        var (exitCode, lines, _) = await RunAsync("list");
        Assert.Equal((0, "USER HELD FOR WAITING MOVED TO"), (exitCode, string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        (exitCode, lines, _) = await RunAsync("hold", "Bob", "--for", "10m");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^bob +(9m\d+s|10m0s) +0 +-$", lines[^1]);
        (_, lines, _) = await RunAsync("move", "bob", "dovecot-imap", "--protocol", "imap");
        Assert.EndsWith("dovecot-imap (imap)", lines[^1], StringComparison.Ordinal);
        (_, lines, _) = await RunAsync("list", "--output", "json");
        Assert.StartsWith("[{\"user\":\"bob\",\"heldUntil\":\"", Assert.Single(lines), StringComparison.Ordinal);
        (_, lines, _) = await RunAsync("release", "bob");
        Assert.Equal("released, 0 logins let go on", lines[^1]);
        Assert.Equal(0, (await RunAsync("unmove", "bob")).ExitCode);

        (exitCode, lines, var error) = await RunAsync("move", "bob", "dovecot-imp");
        Assert.Equal((1, 0), (exitCode, lines.Length));
        Assert.Contains("did you mean dovecot-imap?", error, StringComparison.Ordinal);
    }

    private static async Task<UserOverride> AskAsync(AdminClient admin, string command)
    {
        var (document, problem) = await admin.AskAsync(HttpMethod.Post, $"{Path}/{command}", default);
        Assert.Null(problem);
        return JsonSerializer.Deserialize(document!, AdminJson.Default.UserOverride)!;
    }

    private static async Task<IReadOnlyList<UserOverride>> ListAsync(AdminClient admin)
    {
        var (document, problem) = await admin.AskAsync(HttpMethod.Get, Path, default);
        Assert.Null(problem);
        return JsonSerializer.Deserialize(document!, AdminJson.Default.IReadOnlyListUserOverride)!;
    }

    private async Task<(int ExitCode, string[] Lines, string Error)> RunAsync(params string[] arguments)
    {
        var file = System.IO.Path.Combine(_folder.FullName, "tlsfront.yaml");
        await File.WriteAllTextAsync(file, $"admin: {{ socket: {Admin().Socket} }}\n");
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var parsed = CommandLine.Parse(["users", .. arguments, "-c", file], new Dictionary<string, string>(), TimeProvider.System);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        var lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (exitCode, lines, error.ToString());
    }

    /// <summary>A gateway whose IMAP sessions depend on the user, and with a group those of POP3; no others.</summary>
    private Task<TestGateway> StartAsync(string? group = null) => TestGateway.StartAsync(
        settings => settings with
        {
            Admin = Admin(),
            Backends =
            [
                .. settings.Backends.Select(backend => backend with
                {
                    Stickiness = backend.Name == "dovecot-imap" || (backend.Name == "dovecot-pop3" && group is not null)
                        ? Stickiness.User : Stickiness.None,
                    Group = backend.Kind == BackendKind.Dovecot ? group : null,
                }),
            ],
        },
        services => services.AddSingleton<ILoggerProvider>(_log));

    private AdminSettings Admin() =>
        new(new IPEndPoint(IPAddress.Loopback, 0)) { Socket = System.IO.Path.Combine(_folder.FullName, "admin.sock") };
}
