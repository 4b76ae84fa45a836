using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>
/// Nine TLS clients, in both versions of TLS and with each AEAD: what is sent arrives unchanged in both directions, in a new session and in a resumed
/// one, with the native engine's own records.
/// </summary>
[Trait("Engine", "Native")]
public sealed partial class InteropTests(MailBackends backends, ITestOutputHelper output, InteropFixture fixture)
    : GatewayTest(backends, output), IClassFixture<InteropFixture>
{
    /// <summary>The matrix, with the reason where a client cannot.</summary>
    public static TheoryData<string, string, string?> Matrix()
    {
        var matrix = new TheoryData<string, string, string?>();
        foreach (var client in InteropClient.All)
        {
            foreach (var suite in InteropSuite.All)
            {
                matrix.Add(client.Name, suite.Iana, client.WhyNot(suite));
            }
        }

        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_is_sent_arrives_both_ways_in_a_session_and_in_one_that_resumes_it(string name, string iana, string? whyNot)
    {
        var (client, suite) = (InteropClient.All.Single(client => client.Name == name), InteropSuite.Named(iana));
        var gateway = await GatewayAsync(Setup with { Tcp = [fixture.Server.Port] });
        fixture.Server.WhileOpen = () => Eventually.TrueAsync(
            "a session without OpenSSL's SSL", async () => Objects(await gateway.GetAsync("/metrics")) is { Ssl: 0, Records: > 0 });
        var (exchangesBefore, sessionsBefore) = (fixture.Server.Exchanges.Count, Sessions(gateway).Count);

        var answers = await client.RunAsync(fixture.Target(gateway), suite);

        var exchanges = fixture.Server.Exchanges.Skip(exchangesBefore).ToList();
        var transfers = exchanges.Where(static exchange => exchange.Length == InteropTarget.Size).ToList();
        Assert.NotEmpty(transfers);
        Assert.All(transfers, transfer => Assert.Equal(fixture.BodyHash, transfer.Received));
        Assert.Equal(transfers.Select(static transfer => transfer.Sent), answers);
        await Eventually.TrueAsync(
            "the ends of the sessions", () => Sessions(gateway).Skip(sessionsBefore).Count(static session => session.In > 0) == exchanges.Count);
        var sessions = Sessions(gateway).Skip(sessionsBefore).Where(static session => session.In > 0).ToList();
        if (whyNot is not null)
        {
            Assert.DoesNotContain(sessions, session => session.Suite == iana);
            return;
        }

        Assert.All(sessions, session => Assert.Equal((suite.Version, iana), (session.Version, session.Suite)));
        Assert.Equal((false, client.WhyNotResumed(suite) is null), (sessions[0].IsResumed, sessions[^1].IsResumed));
    }

    /// <summary>What the gateway tells of the sessions of a listener, in order.</summary>
    private static List<(string Version, string Suite, bool IsResumed, long In)> Sessions(GatewayProcess gateway) =>
    [
        .. gateway.Process.Lines.Select(static line => End().Match(line)).Where(static match => match.Success).Select(static match =>
            (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value == "yes", long.Parse(match.Groups[4].ValueSpan))),
    ];

    private static (int Ssl, int Records) Objects(string metrics)
    {
        return (Count("ssl"), Count("records"));

        int Count(string kind) =>
            int.Parse(Regex.Match(metrics, $$"""tlsfront_native_objects\{[^}]*tlsfront_kind="{{kind}}"[^}]*\} (\d+)""").Groups[1].ValueSpan);
    }

    [GeneratedRegex(@"""Message"":""\S+ tcps end .* tls=(\S+) cipher=(\S+) group=\S+ resumed=(\S+) .* in=(\d+) out=")]
    private static partial Regex End();
}
