using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.LoginAbuse;

/// <summary>What fail2ban and CrowdSec make of the real log, and what the gateway makes of bans. The log is the same on each engine.</summary>
[Trait("Engine", "Native")]
public sealed class IntrusionDetectionTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Guesser = "127.0.0.71";
    private const string Moved = "127.0.0.72";
    private const string Scanner = "127.0.0.73";
    private const string Honest = "127.0.0.74";

    [Fact]
    public async Task A_guesser_is_refused_by_the_gateway_until_the_ban_is_lifted()
    {
        var user = Backends.NewUser();
        await using var fail2ban = new Fail2ban();
        await fail2ban.PrepareAsync();
        await fail2ban.StartAsync();
        var gateway = await StartGatewayAsync(Setup with { More = $"admission: {{ deny: [{fail2ban.DenyFile}] }}" });
        for (var i = 0; i < 3; i++)
        {
            await LogInAsync(gateway, $"{user.Name}:wrong", Guesser);
        }

        await Eventually.TrueAsync("three lines", () => Regex.Count(gateway.Log, $"login refused client={Regex.Escape(Guesser)}:") == 3);
        await File.AppendAllTextAsync(fail2ban.LogFile, gateway.Log + "\n");

        await Eventually.LoggedAsync($@"\[tlsfront\] Ban {Regex.Escape(Guesser)}", () => fail2ban.Log);
        await Eventually.TrueAsync("the list has it", async () => await File.ReadAllTextAsync(fail2ban.DenyFile) == Guesser + "\n");
        await Eventually.TrueAsync(
            "refused before TLS", async () => (await LogInAsync(gateway, $"{user.Name}:{user.Password}", Guesser)).ExitCode is 35 or 56);
        Assert.Contains("refused denied", gateway.Log, StringComparison.Ordinal);
        (await LogInAsync(gateway, $"{user.Name}:{user.Password}", Honest)).Succeeded();

        await fail2ban.AskAsync("set", "tlsfront", "unbanip", Guesser);

        // A list that turns empty counts after half a minute.
        await Eventually.TrueAsync(
            "served again",
            async () => (await LogInAsync(gateway, $"{user.Name}:{user.Password}", Guesser)).ExitCode == 0,
            within: TimeSpan.FromMinutes(2));
    }

    /// <summary>Whoever is being moved, and whoever says the words of a log line, is no attacker.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Attackers_are_found_in_the_real_log_and_nobody_else(string format)
    {
        var user = Backends.NewUser();
        var other = Backends.NewUser();
        await using var fail2ban = new Fail2ban();
        await fail2ban.PrepareAsync();
        var gateway = await StartGatewayAsync(Setup with
        {
            Arguments =
            [
                "--set", $"log.format={format}", "--set", "policies.0.name=moved", "--set", "policies.0.action=refuse",
                "--set", $"policies.0.users.0={other.Name}",
            ],
        });
        await LogInAsync(gateway, $"{user.Name}:wrong", Guesser);
        await LogInAsync(gateway, $"{other.Name}:{other.Password}", Moved);
        (await LogInAsync(gateway, $"{user.Name}:{user.Password}", Honest)).Succeeded();
        await using (var submission = gateway.Open(gateway.Ports.Smtp, $"source={Honest}"))
        {
            await submission.UntilAsync("220");
            await submission.SendAsync("EHLO login.refused.client=192.0.2.9:1\r\nQUIT\r\n");
            await submission.UntilAsync("221");
        }

        await using (var http = gateway.Open(gateway.Ports.Imap, "tls=no", $"source={Scanner}"))
        {
            await http.SendAsync("GET / HTTP/1.1\r\n\r\n");
            await http.EndAsync();
        }

        await Eventually.TrueAsync("a line of each", () =>
            new[]
            {
                $"login refused client={Guesser}:", $"login refused client={Moved}:", $"login accepted client={Honest}:",
                $"end not_tls client={Scanner}:",
            }.All(text => gateway.Log.Contains(text, StringComparison.Ordinal))
            && Regex.IsMatch(gateway.Log, $"submissions end \\w+ client={Regex.Escape(Honest)}:"));

        Assert.Equal([Guesser], await fail2ban.FindAsync(gateway.Log + "\n", "normal"));
        Assert.Equal([Guesser, Scanner], (await fail2ban.FindAsync(gateway.Log + "\n", "aggressive")).Order());

        // Often enough for the larger of the two scenarios.
        using var crowdsec = new Crowdsec();
        await crowdsec.PrepareAsync();
        var log = string.Concat(Enumerable.Repeat(gateway.Log + "\n", 12));
        Assert.Equal([(Guesser, "tlsfront-bf"), (Scanner, "tlsfront-attack")], await crowdsec.ReplayAsync(log));
    }

    private static Task<Command> LogInAsync(GatewayProcess gateway, string login, string client) =>
        gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/", "", ["--user", login, "--interface", client]);
}
