using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Limits;

/// <summary>
/// The native engine when the process may open no more files. Its own limit of connections keeps it from that, so the kernel's limit is lowered under
/// the running gateway, as an operator's prlimit or other users of descriptors would.
/// </summary>
public sealed class DescriptorLimitTests(ITestOutputHelper output)
{
    /// <summary>Room for the runtime and some fifty clients at least.</summary>
    private const int OpenFiles = 320;

    private const string Pauses = "Paused accepting on ";
    private const string GoesOn = "Resumed accepting on ";

    [Fact]
    public async Task At_the_limit_accepting_pauses_and_sessions_live_and_it_resumes_when_clients_leave()
    {
        using var stub = new ImapStub();
        await using var gateway = await StartAsync(stub);
        var crowd = new List<ImapClient>();
        try
        {
            await using var early = await ImapClient.ConnectAsync(gateway.Ports.Imap);
            await using var living = await ImapClient.ConnectAsync(gateway.Ports.Imap);
            await living.SecureAsync(gateway);
            Assert.StartsWith("* OK", await living.LineAsync(), StringComparison.Ordinal);
            await Eventually.TrueAsync("accepting pauses", async () =>
            {
                if (crowd.Count < 2 * OpenFiles)
                {
                    crowd.Add(await ImapClient.ConnectAsync(gateway.Ports.Imap));
                }

                return Count(gateway, Pauses) > 0;
            });

            // Every loop that paused has clients waiting, who take whatever becomes free.
            for (var i = 0; i < 40; i++)
            {
                crowd.Add(await ImapClient.ConnectAsync(gateway.Ports.Imap));
            }

            // What is there goes on; who needs another descriptor is told, and nobody else notices.
            Assert.Equal("a OK done", await living.AskAsync("a NOOP"));
            await early.SecureAsync(gateway);
            Assert.StartsWith("* BYE [UNAVAILABLE]", await early.LineAsync(), StringComparison.Ordinal);
            await Eventually.TrueAsync(
                "the reason in the log", () => gateway.Log.Contains("the gateway is at its limit of open files", StringComparison.Ordinal));
            Assert.Equal("b OK done", await living.AskAsync("b NOOP"));
            Assert.Equal(0, Count(gateway, GoesOn));

            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }

            await Eventually.TrueAsync("accepting resumes", () => Count(gateway, GoesOn) == Count(gateway, Pauses));
            await using var late = await ImapClient.ConnectAsync(gateway.Ports.Imap);
            await late.SecureAsync(gateway);
            Assert.StartsWith("* OK", await late.LineAsync(), StringComparison.Ordinal);
            Assert.Equal("c OK done", await living.AskAsync("c NOOP"));

            // Each event loop has a socket of its own and speaks for it, once.
            Assert.InRange(Count(gateway, Pauses), 1, Environment.ProcessorCount);
        }
        finally
        {
            output.WriteLine(
                string.Join('\n', gateway.Process.Lines.Where(line => !line.Contains("AccessLog", StringComparison.Ordinal)).TakeLast(40)));
            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task<GatewayProcess> StartAsync(ImapStub stub)
    {
        var gateway = await GatewayProcess.StartAsync(new GatewaySetup
        {
            Smtp = [Ports.Next()],
            Imap = [stub.Port],
            Pop3 = [Ports.Next()],
            Arguments = ["--engine", "native"],
        });
        (await Command.RunAsync("prlimit", [$"--pid={gateway.Process.Id}", $"--nofile={OpenFiles}"])).Succeeded();
        return gateway;
    }

    private static int Count(GatewayProcess gateway, string words) =>
        gateway.Process.Lines.Count(line => line.Contains($"\"Message\":\"{words}", StringComparison.Ordinal));
}
