using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Failover;

/// <summary>What servers see of probes, and what sessions see of servers that fail while many are at work.</summary>
public sealed partial class HealthTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    /// <summary>Scaled to two processors: every session is a process of its own.</summary>
    private const int Crowd = 50;

    [Fact]
    public async Task A_probe_is_one_polite_session_in_the_servers_logs()
    {
        await using var postfix = await Backends.StartPostfixAsync("probed");
        await using var dovecot = await Backends.StartDovecotAsync("probed-dovecot");
        // The test's own look whether it listens.
        await Eventually.TrueAsync("Postfix logs its start", () => postfix.Log.Contains("disconnect from", StringComparison.Ordinal));
        var before = postfix.Log.Length;
        await StartGatewayAsync(Setup with { Smtp = [postfix.SubmissionPort], Imap = [dovecot.ImapPort], Pop3 = [dovecot.Pop3Port] });

        // It is ready after its first probes, and the next ones are half a minute away.
        await Eventually.TrueAsync("Postfix logs the probe", () => postfix.Log[before..].Contains("disconnect from", StringComparison.Ordinal));
        await Eventually.TrueAsync("Dovecot logs the probes", () => DovecotLine().Count(dovecot.Log) >= 2);
        Assert.Equal(1, Regex.Count(postfix.Log[before..], @"smtpd\[\d+\]: disconnect from localhost\[127\.0\.0\.1\] quit=1 commands=1\n"));
        Assert.DoesNotContain("lost connection", postfix.Log[before..], StringComparison.Ordinal);
        Assert.DoesNotContain("haproxy", postfix.Log[before..], StringComparison.Ordinal);
        Assert.Equal(2, DovecotLine().Count(dovecot.Log));
    }

    [Fact]
    public async Task Of_many_busy_sessions_a_killed_server_takes_its_own_and_no_other()
    {
        await using var second = await Backends.StartPostfixAsync("killed");
        await using var third = await Backends.StartPostfixAsync("third");
        var gateway = await StartGatewayAsync(
            Setup with
            {
                Smtp = [Backends.Postfix.SubmissionPort, second.SubmissionPort, third.SubmissionPort],
                SmtpHealth = "{ interval: 1s, unhealthyAfter: 1 }"
            });
        var crowd = await OpenAsync(gateway, Crowd);
        await second.KillAsync();
        await Eventually.TrueAsync(
            "the gateway leaves the server alone",
            () => gateway.Process.Lines.Any(line => line.Contains("gets no more sessions", StringComparison.Ordinal)));

        var alive = 0;
        foreach (var session in crowd)
        {
            alive += await IsAliveAsync(session) ? 1 : 0;
        }

        // Least sessions: a third of them was at the server that died, rounded either way.
        Assert.InRange(alive, Crowd - (Crowd / 3) - 1, Crowd - (Crowd / 3) + 1);
        foreach (var session in await OpenAsync(gateway, 10))
        {
            Assert.True(await IsAliveAsync(session));
        }

        await second.StartAgainAsync();
        await Eventually.TrueAsync(
            "the server gets sessions again",
            () => gateway.Process.Lines.Any(line => line.Contains("gets sessions again", StringComparison.Ordinal)));
        var again = await OpenAsync(gateway, 9);
        await Eventually.TrueAsync("it has its share", async () => Regex.IsMatch(
            await gateway.GetAsync("/metrics"), $"tlsfront_backend_active_sessions{{[^}}]*127\\.0\\.0\\.1:{second.SubmissionPort}\"[^}}]*}} 3\\b"));
        foreach (var session in again)
        {
            Assert.True(await IsAliveAsync(session));
        }
    }

    [Fact]
    public async Task A_hung_server_costs_a_few_sessions_time_and_none_its_service()
    {
        await using var second = await Backends.StartPostfixAsync("hung");
        var gateway = await StartGatewayAsync(
            Setup with
            {
                Smtp = [Backends.Postfix.SubmissionPort, second.SubmissionPort],
                SmtpHealth = "{ interval: 1s, timeout: 1s, unhealthyAfter: 2 }"
            });
        var before = await OpenAsync(gateway, 20);
        second.Stop();
        try
        {
            foreach (var session in await OpenAsync(gateway, 20))
            {
                Assert.True(await IsAliveAsync(session));
            }

            await Eventually.TrueAsync(
                "the gateway leaves the server alone",
                () => gateway.Process.Lines.Any(line => line.Contains("gets no more sessions", StringComparison.Ordinal)));
        }
        finally
        {
            second.Continue();
        }

        await Eventually.TrueAsync(
            "the server is back", () => gateway.Process.Lines.Any(line => line.Contains("gets sessions again", StringComparison.Ordinal)));
        foreach (var session in before)
        {
            Assert.True(await IsAliveAsync(session));
        }
    }

    [Fact]
    public async Task A_slow_server_keeps_its_share_and_is_not_taken_for_a_dead_one()
    {
        var gateway = await StartGatewayAsync(
            Setup with { Smtp = [Backends.Postfix.SubmissionPort, Backends.Postfix.SlowPort], SmtpHealth = "{ interval: 1s }" });
        foreach (var session in await OpenAsync(gateway, 20))
        {
            Assert.True(await IsAliveAsync(session));
        }

        Assert.DoesNotContain("gets no more sessions", gateway.Log, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<Session>> OpenAsync(Gateways.GatewayProcess gateway, int count)
    {
        var sessions = new List<Session>();
        foreach (var part in Enumerable.Range(0, count).Chunk(10))
        {
            sessions.AddRange(await Task.WhenAll(part.Select(async _ =>
            {
                var session = gateway.Open(gateway.Ports.Smtp);
                await session.ReplyAsync("220");
                await session.CommandAsync("EHLO client.example.test", "250");
                return session;
            })));
        }

        return sessions;
    }

    private static async Task<bool> IsAliveAsync(Session session)
    {
        await using (session)
        {
            try
            {
                await session.SendAsync("NOOP\r\n");
                return (await session.LineAsync())?.StartsWith("250", StringComparison.Ordinal) == true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [GeneratedRegex(@"(imap|pop3)-login: Info: (Aborted login|Disconnected|Logged out).*rip=127\.0\.0\.1")]
    private static partial Regex DovecotLine();
}
