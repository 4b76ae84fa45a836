using System.Text;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using TlsFront.SystemTests.Tls.Interop;
using TlsFront.SystemTests.Tls.Interop.Clients;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Tls;

/// <summary>
/// Keys and secrets of a client's session that are no longer in use are nowhere in the gateway's memory, so whoever gets a dump of it cannot read
/// what went before. Those still in use are found first, which shows that the search works.
/// </summary>
[Trait("Engine", "Native")]
public sealed class KeyMemoryTests(MailBackends backends, ITestOutputHelper output, InteropFixture fixture)
    : GatewayTest(backends, output), IClassFixture<InteropFixture>
{
    public static TheoryData<string> Suites() => [.. InteropSuite.All.Select(static suite => suite.Iana)];

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Keys_of_a_session_that_ended_are_nowhere(string iana)
    {
        var (gateway, suite) = (await StartAsync(), InteropSuite.Named(iana));
        var target = fixture.Target(gateway);
        TrafficKeys keys;
        await using (var client = Start(target, suite))
        {
            keys = await BeginAsync(target, client, suite);

            // The master secret of TLS 1.2 is not needed any more, those of TLS 1.3 are.
            Assert.All(
                [.. keys.Keys(), .. suite.Version == "1.3" ? keys.Secrets() : []],
                key => Assert.NotEmpty(ProcessMemory.Find(gateway.Process.Id, [key])));
        }

        await AssertGoneAsync(gateway, [.. keys.Keys(), .. keys.Secrets(), .. keys.Told()]);
    }

    [Fact]
    public async Task Keys_that_were_replaced_are_nowhere()
    {
        var (gateway, suite) = (await StartAsync(), InteropSuite.All[1]);
        var target = fixture.Target(gateway);
        await using var client = Start(target, suite);
        var keys = await BeginAsync(target, client, suite);
        await client.SendAsync("K\n"u8.ToArray());
        await Eventually.TrueAsync("another key", () => client.Error.Contains("KEYUPDATE", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            "the gateway's own", () => keys.Keys(1).All(key => ProcessMemory.Find(gateway.Process.Id, [key]).Count > 0));

        await AssertGoneAsync(gateway, [.. keys.Keys(), .. keys.Secrets()]);
    }

    private Task<GatewayProcess> StartAsync() => StartGatewayAsync(Setup with { Tcp = [fixture.Server.Port], Arguments = ["--engine", "native"] });

    private static string LogOf(InteropTarget target) => target.PathOf("openssl.keys");

    private static string MessagesOf(InteropTarget target) => target.PathOf("openssl.messages");

    private static Tool Start(InteropTarget target, InteropSuite suite)
    {
        File.Delete(LogOf(target));
        return Tool.Start(
            "openssl", [.. OpenSslClient.Arguments(target, suite), "-keylogfile", LogOf(target), "-msg", "-msgfile", MessagesOf(target)]);
    }

    /// <summary>Sends half of a request, so that a session is open and its keys are in use.</summary>
    private async Task<TrafficKeys> BeginAsync(InteropTarget target, Tool client, InteropSuite suite)
    {
        const int half = InteropTarget.Size / 2;
        var received = fixture.Server.Received;
        await client.SendAsync(Encoding.ASCII.GetBytes(HashingServer.Request(InteropTarget.Size)));
        await client.SendAsync(fixture.Body[..half]);
        await Eventually.TrueAsync("what was sent", () => fixture.Server.Received - received == half);
        return new(suite, await File.ReadAllTextAsync(LogOf(target)), await File.ReadAllTextAsync(MessagesOf(target)));
    }

    private static async Task AssertGoneAsync(GatewayProcess gateway, IReadOnlyList<byte[]> keys)
    {
        IReadOnlyList<string> left = [];
        try
        {
            await Eventually.TrueAsync("keys wiped", () => (left = ProcessMemory.Find(gateway.Process.Id, keys)).Count == 0);
        }
        catch (Xunit.Sdk.XunitException)
        {
            var named = keys.SelectMany((key, index) => ProcessMemory.Find(gateway.Process.Id, [key]).Select(place => $"{index}: {place}"));
            Assert.Fail($"left:\n{string.Join('\n', left)}\n{string.Join('\n', named)}");
        }
    }
}
