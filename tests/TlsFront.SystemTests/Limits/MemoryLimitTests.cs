using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Limits;

/// <summary>The gateway in a control group with little memory, where the kernel ends who wants more.</summary>
[Trait("Engine", "Native")]
public sealed class MemoryLimitTests(ITestOutputHelper output)
{
    /// <summary>Bytes beyond what the gateway takes before its first client: some hundred sessions with their sockets.</summary>
    private const long Room = 16 << 20;

    [Fact]
    public async Task Clients_are_refused_before_the_kernel_ends_the_process_and_sessions_live()
    {
        using var group = new ControlGroup();
        using var stub = new ImapStub();
        await using var gateway = await GatewayProcess.StartAsync(new GatewaySetup
        {
            Smtp = [Ports.Next()],
            Imap = [stub.Port],
            Pop3 = [Ports.Next()],
            Launcher = _ => group.Launcher,
        });
        var crowd = new List<ImapClient>();
        try
        {
            group.Allow((group.Used + Room) * 10 / 9);
            while (!gateway.Log.Contains("refused limit_memory", StringComparison.Ordinal))
            {
                Assert.True(crowd.Count < 10_000, "Nobody is refused.");
                crowd.Add(await ImapClient.ConnectAsync(gateway.Ports.Imap));
                try
                {
                    await crowd[^1].SecureAsync(gateway);
                    await crowd[^1].LineAsync();
                }
                catch (IOException)
                {
                    // Refused: the log says why, soon.
                    await crowd[^1].DisposeAsync();
                    crowd.RemoveAt(crowd.Count - 1);
                }
            }

            Assert.InRange(crowd.Count, 50, 10_000);
            foreach (var client in crowd)
            {
                Assert.Equal("a OK done", await client.AskAsync("a NOOP"));
            }

            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }

            crowd.Clear();
            await Eventually.TrueAsync("served again", async () =>
            {
                await using var late = await ImapClient.ConnectAsync(gateway.Ports.Imap);
                try
                {
                    await late.SecureAsync(gateway);
                    return (await late.LineAsync())?.StartsWith("* OK", StringComparison.Ordinal) == true;
                }
                catch (IOException)
                {
                    return false;
                }
            });
            Assert.False(gateway.Process.HasExited);
        }
        finally
        {
            output.WriteLine(
                string.Join('\n', gateway.Process.Lines.Where(line => !line.Contains("ConnectionEnd", StringComparison.Ordinal)).TakeLast(40)));
            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }
        }
    }
}
