using System.Text;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using TlsFront.SystemTests.Tls.Interop.Clients;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>New keys of TLS 1.3 that clients want, in the midst of what they send and get (RFC 8446 section 4.6.3).</summary>
/// <remarks>The others that the matrix has cannot be told to, and do it after more octets than a test can send.</remarks>
[Trait("Engine", "Native")]
public sealed class KeyUpdateTests(MailBackends backends, ITestOutputHelper output, InteropFixture fixture)
    : GatewayTest(backends, output), IClassFixture<InteropFixture>
{
    private const int Rounds = 4;

    public static TheoryData<string> Suites() =>
        [.. InteropSuite.All.Where(static suite => suite.Version == "1.3").Select(static suite => suite.Iana)];

    [Theory]
    [InlineData("K", Rounds)]
    [InlineData("k", 0)]
    public async Task OpenSSL_changes_its_key_and_the_gateway_its_own_where_it_is_asked_to(string command, int answers)
    {
        var gateway = await GatewayAsync(Setup with { Tcp = [fixture.Server.Port] });
        var target = fixture.Target(gateway);
        var messages = target.PathOf($"openssl.{command}.messages");
        await using var client = Tool.Start("openssl", [.. OpenSslClient.Arguments(target, InteropSuite.All[0]), "-msg", "-msgfile", messages]);

        await AssertTransfersAsync(
            target, client, command + "\n", round => Regex.Count(client.Error, "^KEYUPDATE", RegexOptions.Multiline) == round);

        Assert.Equal(Rounds, Regex.Count(File.ReadAllText(messages), ">>> TLS 1.3, Handshake .*KeyUpdate"));
        Assert.Equal(answers, Regex.Count(File.ReadAllText(messages), "<<< TLS 1.3, Handshake .*KeyUpdate"));
    }

    [Theory]
    [InlineData("^rekey^")]
    [InlineData("^rekey1^")]
    public async Task GnuTLS_changes_its_key_while_it_sends(string command)
    {
        var gateway = await GatewayAsync(Setup with { Tcp = [fixture.Server.Port] });
        var target = fixture.Target(gateway);
        File.Delete(GnuTlsClient.LogOf(target));
        await using var client = Tool.Start("gnutls-cli", ["--inline-commands", .. GnuTlsClient.Arguments(target, InteropSuite.All[1])]);

        // It says so late, and takes a command for one however it comes.
        await AssertTransfersAsync(target, client, command + "\n", static _ => true);

        await Eventually.TrueAsync("new keys", () => Regex.Count(File.ReadAllText(GnuTlsClient.LogOf(target)), "Rekey was completed") == Rounds);
    }

    /// <summary>
    /// For each megabyte that it sends. One that it reads has it ask again and again, once for each record until it gets the new key: that is a
    /// flood of empty records to the gateway, as it is to others (BoringSSL, Go). By default it reads 128 GB before.
    /// </summary>
    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Java_asks_for_new_keys_while_it_sends(string iana)
    {
        var gateway = await GatewayAsync(Setup with { Tcp = [fixture.Server.Port] });
        var target = fixture.Target(gateway);
        var (security, request) = (target.PathOf("java.security"), target.PathOf("java.request"));
        await File.WriteAllTextAsync(security, "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^20, ChaCha20-Poly1305 KeyUpdate 2^20\n");
        await File.WriteAllBytesAsync(
            request, [.. Encoding.ASCII.GetBytes(HashingServer.Request(InteropTarget.Size, answer: 1000)), .. fixture.Body.Span]);

        var client = await Command.RunAsync("java", [
            $"-Djava.security.properties={security}", "-Djavax.net.debug=ssl:handshake", JavaClient.Program, $"{target.Port}", target.Authority,
            GatewayProcess.Name, "1.3", iana, request, "1"]);

        var exchange = fixture.Server.Exchanges.Last();
        Assert.Equal((fixture.BodyHash, client.Succeeded().Output.Trim()), (exchange.Received, exchange.Sent));
        Assert.InRange(Regex.Count(client.Error, "Produced KeyUpdate"), (InteropTarget.Size >> 20) - 1, int.MaxValue);
        Assert.InRange(Regex.Count(client.Error, "Consuming KeyUpdate"), 1, int.MaxValue);
    }

    /// <summary>A command between any two parts of what is sent, of which nothing is on its way then.</summary>
    private async Task AssertTransfersAsync(InteropTarget target, Tool client, string command, Predicate<int> isDone)
    {
        const int part = InteropTarget.Size / Rounds;
        var received = fixture.Server.Received;
        await client.SendAsync(Encoding.ASCII.GetBytes(HashingServer.Request(InteropTarget.Size)));
        for (var round = 0; round < Rounds; round++)
        {
            await client.SendAsync(fixture.Body.Slice(round * part, part - 64));
            await Eventually.TrueAsync(
                "what was sent", () => fixture.Server.Received - received == ((round + 1) * part) - 64, TimeSpan.FromSeconds(60));
            await client.SendAsync(Encoding.ASCII.GetBytes(command));
            await Eventually.TrueAsync("another key", () => isDone(round + 1));
            await client.SendAsync(fixture.Body.Slice(((round + 1) * part) - 64, 64));
        }

        var answer = await client.AnswerAsync(target.AnswerLength);
        var exchange = fixture.Server.Exchanges.Last();
        Assert.Equal((fixture.BodyHash, answer), (exchange.Received, exchange.Sent));
    }
}
