using System.Diagnostics;
using System.Text.Json;
using TlsFront.Cli;
using TlsFront.Inventory;

namespace TlsFront.Tests.Cli;

/// <summary><c>tlsfront migration notify</c>: everybody who has to move is told, by a command, and again until they did.</summary>
public sealed class NotifyCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly MigratingUsers _users = new();

    public void Dispose() => _users.Dispose();

    [Fact]
    public async Task Each_user_is_told_once_and_again_when_seen_the_old_way_after_a_week()
    {
        _users.LogIn("bob@example.org", program: "Thunderbird/128.0");
        _users.LogIn("ann@example.org");
        _users.LogIn("moved@example.org", "implicit");
        Assert.Equal((0, "2 users told\n"), await TellAsync());
        Assert.Equal(["ann@example.org", "bob@example.org"], Heard());
        Assert.Equal((0, "0 users told; 2 already told: too recently, or not seen the old way since\n"), await TellAsync());

        // Not seen since: it may have moved.
        _users.Time.Advance(TimeSpan.FromDays(8));
        _users.LogIn("bob@example.org");
        _users.LogIn("ann@example.org", "implicit");
        Assert.Equal((0, "1 user told; 1 already told: too recently, or not seen the old way since\n"), await TellAsync());
        Assert.Equal(["ann@example.org", "bob@example.org", "bob@example.org"], Heard());
        Assert.Equal(2, _users.Told["bob@example.org"]);

        _users.Time.Advance(TimeSpan.FromDays(8));
        _users.LogIn("bob@example.org");
        Assert.Equal((0, "0 users told; 1 already told: too recently, or not seen the old way since\n"), await TellAsync("--again-after", "0"));
    }

    [Fact]
    public async Task What_a_client_says_is_JSON_on_the_standard_input_and_nothing_else()
    {
        const string Hostile = "eve'\"$(touch pwned);`id`@example.org";
        _users.LogIn(Hostile, program: "; rm -rf /");
        var script = Script("cat >> \"$1\"; test $# = 1; test -z \"${TLSFRONT_USER-}\"");
        Assert.Equal(0, (await _users.RunAsync("notify", "--", "sh", script, _users.At("heard"))).ExitCode);
        using var notice = JsonDocument.Parse(await File.ReadAllTextAsync(_users.At("heard")));
        Assert.Equal(
            (Hostile.ToLowerInvariant(), "; rm -rf /", "starttls", "person", 0),
            (Text("user"), notice.RootElement.GetProperty("programs")[0].GetString(), Text("uses"), Text("kind"),
                notice.RootElement.GetProperty("told").GetInt32()));

        string? Text(string name) => notice.RootElement.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_command_that_fails_is_named_and_tried_again_next_time()
    {
        _users.LogIn("bob@example.org");
        _users.LogIn("ann@example.org");
        var script = Script("grep -q bob && exit 3; exit 0");
        Assert.Equal(
            (2, "", "bob@example.org: exit code 3; tried again next time\n1 user told; 1 failed\n"),
            await TickingAsync(_users.RunAsync("notify", "--per-minute", "6000", "--timeout", "10m", "--", "sh", script)));
        Assert.Equal(["ann@example.org"], _users.Told.Keys);
        Assert.Equal((0, "1 user told; 1 already told: too recently, or not seen the old way since\n"), await TellAsync());
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_stopped_with_all_that_it_began()
    {
        _users.LogIn("bob@example.org");
        var script = Script("sleep 1000 & echo $! > \"$1\"; wait");
        var running = _users.RunAsync("notify", "--timeout", "1s", "--", "sh", script, _users.At("child"));
        while (!running.IsCompleted)
        {
            _users.Time.Advance(TimeSpan.FromSeconds(File.Exists(_users.At("child")) && File.ReadAllText(_users.At("child")).Length > 1 ? 2 : 0));
            await Task.Delay(5);
        }

        Assert.Equal((2, "", "bob@example.org: not done after 1 s, and stopped; tried again next time\n0 users told; 1 failed\n"), await running);
        Assert.Empty(_users.Told);
    }

    [Fact]
    public async Task One_that_does_not_read_and_one_that_is_not_there()
    {
        _users.LogIn("bob@example.org");
        var (exitCode, _, error) = await _users.RunAsync("notify", "--", _users.At("nowhere"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{_users.At("nowhere")} cannot be run: ", error, StringComparison.Ordinal);
        Assert.Empty(_users.Told);
        Assert.Equal((0, "", "1 user told\n"), await _users.RunAsync("notify", "--", "true"));
    }

    [Fact]
    public async Task A_dry_run_tells_nobody_and_without_a_command_they_are_written()
    {
        _users.LogIn("bob@example.org");
        var (_, dry, error) = await _users.RunAsync("notify", "--dry-run", "--", _users.At("nowhere"));
        Assert.Equal("1 user would be told\n", error);
        Assert.Empty(_users.Told);

        var (_, output, _) = await TickingAsync(_users.RunAsync("notify"));
        Assert.Equal(dry, output);
        Assert.StartsWith("{\"user\":\"bob@example.org\",\"uses\":\"starttls\",\"whatToDo\":\"Choose SSL/TLS", output, StringComparison.Ordinal);
        Assert.Equal(1, _users.Told["bob@example.org"]);
    }

    /// <summary>Whoever types somebody's name must not have mail sent to them.</summary>
    [Fact]
    public async Task A_try_that_failed_counts_only_where_its_user_has_logged_in()
    {
        _users.LogIn("bob@example.org", "implicit");
        _users.LogIn("victim@example.org", "implicit");
        _users.Time.Advance(TimeSpan.FromDays(30));
        _users.LogIn("bob@example.org", client: "192.0.2.99", outcome: LoginOutcome.Refused);
        _users.LogIn("victim@example.org", client: "198.51.100.1", outcome: LoginOutcome.Refused);
        _users.LogIn("victim@example.org", "cleartext", client: "198.51.100.1", outcome: LoginOutcome.Exposed);
        _users.LogIn("nobody@example.org", outcome: LoginOutcome.Refused);
        _users.LogIn("hmac:0123456789abcdef0123456789abcdef");
        Assert.Equal(
            (0, "1 user told; 2 named only by failed tries from networks where they never logged in; 1 kept under pseudonyms\n"),
            await TellAsync());
        Assert.Equal(["bob@example.org"], Heard());
    }

    /// <summary>What a stranger did is not in the notice of a user who has to move anyway.</summary>
    [Fact]
    public async Task A_stranger_s_tries_are_not_in_a_user_s_notice()
    {
        _users.LogIn("bob@example.org");
        _users.LogIn("bob@example.org", "cleartext", client: "198.51.100.1", outcome: LoginOutcome.Exposed);
        var (_, output, error) = await TickingAsync(_users.RunAsync("notify"));
        Assert.Equal("1 user told\n", error);
        Assert.StartsWith("{\"user\":\"bob@example.org\",\"uses\":\"starttls\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Between_two_users_it_waits_and_ends_there_when_it_is_told_to()
    {
        foreach (var user in Enumerable.Range(0, 3))
        {
            _users.LogIn($"user{user}@example.org");
        }

        using var stop = new CancellationTokenSource();
        var begun = _users.At("begun");
        var running = _users.RunAsync(
            stop.Token, "notify", "--per-minute", "1", "--timeout", "10m", "--", "sh", Script("echo >> \"$2\"; cat >> \"$1\""),
            _users.At("heard"), begun);
        while (_users.Told.Count < 1)
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(5);
        }

        // The clock goes on until the second one has begun, and then no more: what is begun has its time.
        while (_users.Told.Count < 2)
        {
            Assert.False(running.IsCompleted);
            _users.Time.Advance(TimeSpan.FromSeconds(new FileInfo(begun).Length < 2 ? 1 : 0));
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        Assert.Equal((0, "", "2 users told; stopped before 1\n"), await running);
        Assert.Equal(2, Heard().Count);
    }

    /// <summary>Whoever is told as the signal comes, by the hook itself, is told once: it is noted.</summary>
    [Fact]
    public async Task A_signal_ends_it_behind_the_user_whom_it_is_at()
    {
        _users.LogIn("bob@example.org");
        _users.LogIn("ann@example.org");
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [
                "exec", typeof(CommandLine).Assembly.Location, "migration", "notify", "-c", _users.Path, "--since", "2027-01-01T00:00Z",
                "--per-minute", "1", "--", "sh", Script("kill -s TERM $PPID; cat > \"$1\""), _users.At("heard"),
            ])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Assert.Equal("1 user told; stopped before 1\n", await process.StandardError.ReadToEndAsync().WaitAsync(Patience));
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal((0, 1), (process.ExitCode, _users.Told.Count));
        Assert.Single(Heard());
    }

    [Theory]
    [InlineData("--per-minute", "0", "--per-minute 0 is out of range; write 1 to 6000.")]
    [InlineData("--per-minute", "6001", "--per-minute 6001 is out of range; write 1 to 6000.")]
    [InlineData("--again-after", "7", "\"7\" is not a number of days")]
    [InlineData("--timeout", "0s", "\"0s\" is out of range")]
    public async Task What_makes_no_sense_is_said(string option, string value, string words)
    {
        var (exitCode, _, error) = await _users.RunAsync("notify", option, value);
        Assert.Equal(1, exitCode);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    /// <summary>Lets the clock go on, by less than a command may take, until it is over.</summary>
    private async Task<T> TickingAsync<T>(Task<T> running)
    {
        while (!running.IsCompleted)
        {
            _users.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(5);
        }

        return await running;
    }

    private async Task<(int ExitCode, string Error)> TellAsync(params string[] options)
    {
        var (exitCode, output, error) = await TickingAsync(_users.RunAsync(
            ["notify", "--per-minute", "6000", "--timeout", "10m", .. options, "--", "sh", Script("cat >> \"$1\""), _users.At("heard")]));
        Assert.Equal("", output);
        return (exitCode, error);
    }

    private List<string> Heard() =>
    [
        .. File.ReadLines(_users.At("heard")).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("user").GetString()!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A hook: a script that the shell reads. One that is run itself may still be open for writing in a child of another test.</summary>
    private string Script(string text)
    {
        var path = _users.At("hook");
        File.WriteAllText(path, $"set -u\n{text}\n");
        return path;
    }
}
