using System.Diagnostics;
using System.IO.Pipelines;
using System.Security.Authentication;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>
/// How long a refusal takes says nothing of the password (RFC 8314 section 4.1): a thousand tries, right and wrong ones in random order, compared by
/// the rank-sum test of Mann and Whitney, which asks for no distribution. The backend takes longer for wrong passwords, as real ones do, and half
/// as many tries show that where the backend is asked.
/// </summary>
public sealed class PolicyTimingTests
{
    private const int Tries = 8;

    /// <summary>Standard deviations that equal times exceed in one of two million runs.</summary>
    private const double Bound = 5;

    [Fact]
    public async Task A_refusal_takes_as_long_for_the_right_password_as_for_a_wrong_one() =>
        Assert.InRange(await MeasureAsync(PolicyAction.Refuse, sessions: 125), -Bound, Bound);

    [Fact]
    public async Task The_measurement_sees_the_difference_where_the_backend_is_asked() =>
        Assert.True(await MeasureAsync(PolicyAction.Allow, sessions: 60) > Bound);

    /// <summary>How much longer wrong passwords take, in standard deviations.</summary>
    private static async Task<double> MeasureAsync(PolicyAction action, int sessions)
    {
        var policy = new PolicySettings { Name = "old-tls", Action = action, TlsBelow = TlsVersion.Tls13 };
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with
            {
                // The second one has logins held, whatever the first one does.
                Policies = [policy, policy with { Name = "held", Action = PolicyAction.Warn }],
                Backends =
                [
                    .. settings.Backends.Select(static backend => backend with
                    {
                        ProxyProtocol = ProxyHeaderVersion.None, Health = new HealthSettings { Interval = TimeSpan.Zero },
                    }),
                ],
            },
            serve: static network => network.Serve("192.0.2.1:10143", ServeAsync));
        var times = new List<(long Ticks, bool IsRight)>();
        var random = new Random(8314);
        for (var session = 0; session < sessions; session++)
        {
            await using var client = await TestClient.HandshakeAsync(
                await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["imaps"]), versions: SslProtocols.Tls12);
            await client.ExpectAsync("\r\n");
            for (var i = 0; i < Tries; i++)
            {
                var isRight = random.Next(2) == 0;
                var began = Stopwatch.GetTimestamp();
                await client.SendAsync($"a LOGIN bob {(isRight ? "secret" : "wrong!")}\r\n");
                await client.ExpectAsync("a NO ");
                times.Add((Stopwatch.GetTimestamp() - began, isRight));
                await client.ExpectAsync("\r\n");
            }
        }

        return Deviation(times);
    }

    /// <summary>The rank sum of the wrong ones, as deviations from what is to be expected of equal times.</summary>
    private static double Deviation(List<(long Ticks, bool IsRight)> times)
    {
        var ranks = times.OrderBy(static time => time.Ticks).Select(static (time, rank) => (time.IsRight, Rank: rank + 1.0)).ToList();
        double wrong = ranks.Count(static entry => !entry.IsRight);
        var right = ranks.Count - wrong;
        var expected = wrong * (ranks.Count + 1) / 2;
        return (ranks.Where(static entry => !entry.IsRight).Sum(static entry => entry.Rank) - expected)
            / Math.Sqrt(wrong * right * (ranks.Count + 1) / 12);
    }

    /// <summary>A server that refuses everybody, the right password at once and others after a while.</summary>
    private static async Task ServeAsync(IDuplexPipe pipe)
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync("* OK ready\r\n");
        while (true)
        {
            var words = (await server.ExpectAsync("\r\n")).TrimEnd().Split(' ');
            if (words is [_, "LOGIN", _, "wrong!"])
            {
                await Task.Delay(20);
            }

            await server.SendAsync($"{words[0]} NO no\r\n");
        }
    }
}
