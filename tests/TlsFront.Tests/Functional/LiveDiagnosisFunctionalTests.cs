using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>Mistakes of backends' configurations that the running gateway tells by itself.</summary>
public sealed class LiveDiagnosisFunctionalTests : IDisposable
{
    private const string Smtp = "192.0.2.1:10465";
    private const string Imap = "192.0.2.1:10143";

    private readonly LogTap _log = new("Diagnosed");

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_mistake_is_told_once_and_again_after_it_was_gone()
    {
        await using var gateway = await StartAsync(
            "dovecot-imap", TimeSpan.FromMilliseconds(20), network => Greet(network, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n"));
        Assert.Equal(
            "Diagnosed: Backend dovecot-imap: destination 192.0.2.1:10143: login_disabled: it allows no plaintext login, as if the client had no TLS"
            + " (seen: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready); tlsfront doctor says what to write where",
            await _log.NextAsync());

        // Had it been told by every probe, the next line would be the same one.
        await ProbedAsync(gateway, 3);
        Greet(gateway.Network, "\u0015\u0003\u0001");
        Assert.Contains(": backend_speaks_tls: ", await _log.NextAsync(), StringComparison.Ordinal);
        Greet(gateway.Network, "* OK ready\r\n");
        await ProbedAsync(gateway, 3);
        Greet(gateway.Network, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n");
        Assert.Contains(": login_disabled: ", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_taken_for_commands_fails_the_probe()
    {
        await using var gateway = await StartAsync("postfix", TimeSpan.FromMinutes(10), network => network.Serve(Smtp, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.SendAsync("220 mx\r\n");
            await server.ExpectAsync("\r\n");
            await server.SendAsync("500 5.5.2 Error: command not recognized\r\n");
            await server.ExpectAsync("QUIT\r\n");
            await server.SendAsync("221 bye\r\n");
        }));
        Assert.Contains(
            ": proxy_not_expected: it does not expect the PROXY header the gateway sends (seen: ", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_that_fail_though_probes_are_good_are_told_once_in_a_row()
    {
        await using var gateway = await StartAsync("postfix", TimeSpan.FromMinutes(10), network => network.Serve(Smtp, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            var header = await server.ExpectAsync("\r\n");
            await server.SendAsync(header.Contains("127.0.0.1 127.0.0.1", StringComparison.Ordinal) ? "220 mx\r\n" : "421 4.7.1 not you\r\n");
            await server.ReadToEndAsync();
        }));
        for (var i = 0; i < 5; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            await client.ReadToEndAsync();
            await gateway.Ends.NextAsync();
        }

        Assert.Contains(": probe_fine_sessions_fail: ", await _log.NextAsync(), StringComparison.Ordinal);
        gateway.Network.Serve(Smtp, pipe => new ScriptedPeer(pipe).SendAsync("220 mx\r\n"));
        await using (var served = await gateway.ConnectAsync("submissions"))
        {
            await served.ExpectAsync("220 mx\r\n");
        }

        await gateway.Ends.NextAsync();
        gateway.Network.Serve(Smtp, _ => Task.CompletedTask);
        for (var i = 0; i < 3; i++)
        {
            await using var client = await gateway.ConnectAsync("submissions");
            await client.ReadToEndAsync();
            await gateway.Ends.NextAsync();
        }

        Assert.Contains(": probe_fine_sessions_fail: ", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_offers_nobody_a_login_is_told_at_the_third_session_and_again_after_it_offered_one()
    {
        var offer = "250 DSN\r\n";
        await using var gateway = await StartAsync("postfix", TimeSpan.FromMinutes(10), network => network.Serve(Smtp, async pipe =>
        {
            var server = new ScriptedPeer(pipe);
            await server.ExpectAsync("\r\n");
            await server.SendAsync("220 mx\r\n");
            if (await server.ExpectAsync("\r\n") is var said && said.StartsWith("EHLO", StringComparison.Ordinal))
            {
                await server.SendAsync($"250-mx\r\n{offer}");
                await server.ExpectAsync("QUIT\r\n");
            }

            await server.SendAsync("221 bye\r\n");
        }));
        foreach (
            var (sessions, now) in new[]
            {
                (2, "250 DSN\r\n"), (1, "250 AUTH PLAIN\r\n"), (5, "250-STARTTLS\r\n250 AUTH GSSAPI\r\n"), (1, "250 AUTH PLAIN\r\n"),
                (3, "250 DSN\r\n")
            })
        {
            offer = now;
            for (var i = 0; i < sessions; i++)
            {
                await using var client = await gateway.ConnectAsync("submissions");
                await client.ExpectAsync("220 mx\r\n");
                await client.SendAsync("EHLO x\r\n");
                await client.ExpectAsync("250 ");
                await client.SendAsync("QUIT\r\n");
                await client.ReadToEndAsync();
                Assert.Equal("completed", await gateway.Ends.NextAsync());
            }
        }

        Assert.Equal(
            "Diagnosed: Backend postfix: destination 192.0.2.1:10465: auth_hidden: it offers no AUTH, so nobody can log in"
            + " (seen: no AUTH in its answer to EHLO, 3 sessions in a row); tlsfront doctor says what to write where",
            await _log.NextAsync());
        Assert.Contains(": auth_hidden: ", await _log.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, _log.Count);
    }

    private static void Greet(MemoryTransport network, string greeting) => network.Serve(Imap, async pipe =>
    {
        await new ScriptedPeer(pipe).SendAsync(greeting);
        await new ScriptedPeer(pipe).EndAsync();
        await new ScriptedPeer(pipe).ReadToEndAsync();
    });

    /// <summary>Waits for that many more probes.</summary>
    private static async Task ProbedAsync(TestGateway gateway, int probes)
    {
        var before = gateway.Network.Connects.Count;
        while (gateway.Network.Connects.Count < before + probes)
        {
            await Task.Delay(1).WaitAsync(TestClient.Patience);
        }
    }

    private Task<TestGateway> StartAsync(string name, TimeSpan interval, Action<MemoryTransport> serve) => TestGateway.StartAsync(
        settings => settings with
        {
            Backends = [.. settings.Backends.Select(backend => backend.Name == name
                ? backend with
                {
                    Destinations = [backend.Destinations[0]], Health = new HealthSettings { Interval = interval, EjectFor = TimeSpan.Zero }
                }
                : backend)],
        },
        services => services.AddSingleton<ILoggerProvider>(_log),
        serve);
}
