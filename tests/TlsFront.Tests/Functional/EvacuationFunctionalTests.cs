using System.CommandLine;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admin;
using TlsFront.Backends;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.ProxyProtocol;

namespace TlsFront.Tests.Functional;

/// <summary>Destinations that are taken out of service with the sessions they have.</summary>
public sealed class EvacuationFunctionalTests : IDisposable
{
    private const string Path = "/api/v1/backends/dovecot-imap";
    private const string First = "192.0.2.1:10143";
    private const string Second = "192.0.2.2:10143";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-evacuation");
    private readonly LogTap _log = new("DestinationEvacuated", "DestinationEmptied");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Sessions_of_the_destination_end_and_those_of_others_go_on()
    {
        await using var gateway = await StartAsync();
        using var admin = new AdminClient(Admin());
        await using var first = await LoginAsync(gateway);
        await using var second = await LoginAsync(gateway);
        await AskAsync(admin, $"{First}/drain");
        await using var other = await LoginAsync(gateway);

        Assert.Equal(2, (await AskAsync(admin, $"{First}/drain?kick=true")).Ending);
        Assert.Equal("", await first.ReadToEndAsync());
        Assert.Equal("", await second.ReadToEndAsync());
        Assert.Equal(
            "DestinationEvacuated: Backend dovecot-imap: destination 192.0.2.1:10143 gets no new sessions, and its 2 end over 00:00:00, "
                + "requested by the admin socket",
            await _log.NextAsync());
        Assert.Equal("DestinationEmptied: Backend dovecot-imap: drained destination 192.0.2.1:10143 is empty", await _log.NextAsync());
        await other.SendAsync("b NOOP\r\n");
        await other.ExpectAsync("b NOOP\r\n");
    }

    [Fact]
    public async Task The_last_session_of_a_destination_that_is_only_drained_is_told_as_well()
    {
        await using var gateway = await StartAsync();
        using var admin = new AdminClient(Admin());
        await using (await LoginAsync(gateway))
        {
        }

        Assert.Equal("client_closed", await gateway.Ends.NextAsync());
        Assert.Equal(0, _log.Count);
        await using (await LoginAsync(gateway))
        {
            Assert.Null((await AskAsync(admin, $"{First}/drain")).Ending);
        }

        Assert.Equal("DestinationEmptied: Backend dovecot-imap: drained destination 192.0.2.1:10143 is empty", await _log.NextAsync());
    }

    [Fact]
    public async Task Ends_are_spread_evenly_and_a_resume_spares_who_is_left()
    {
        await using var gateway = await StartAsync();
        var time = new FakeTimeProvider();
        var first = gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap").Get(First);
        using var evacuations = new Evacuations(gateway.Sessions, time);
        var clients = new List<TestClient>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await LoginAsync(gateway));
        }

        evacuations.Begin("dovecot-imap", first, TimeSpan.FromMinutes(4));
        for (var i = 0; i < 3; i++)
        {
            // The one that is due once its minute began.
            Assert.Equal(4 - i, first.Sessions);
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("drained", await gateway.Ends.NextAsync());
            time.Advance(TimeSpan.FromSeconds(58));
            Assert.Equal(3 - i, gateway.Sessions.Count);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        evacuations.End(first);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, gateway.Sessions.Count);
        await clients[3].SendAsync("b NOOP\r\n");
        await clients[3].ExpectAsync("b NOOP\r\n");
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_command_does_it_from_a_shell_and_says_how_many()
    {
        await using var gateway = await StartAsync();
        await using var client = await LoginAsync(gateway);
        Assert.EndsWith("\n1 session to end\n", await RunAsync($"dovecot-imap/{First}", "--kick", "--over", "1h"), StringComparison.Ordinal);
        Assert.DoesNotContain("to end", await RunAsync("dovecot-imap"), StringComparison.Ordinal);
        Assert.Contains("over says how long ending sessions takes", await RunAsync("dovecot-imap", "--over", "1h"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain?kick=yes", "kick is yes; write true or false")]
    [InlineData("drain?over=5m", "it needs kick")]
    [InlineData("drain?kick=true&over=2h", "over is out of range; write 1s to 1h")]
    [InlineData("drain?kcik=true", "kcik is no parameter here; there are kick and over")]
    [InlineData("resume?kick=true", "kick is no parameter here")]
    public async Task What_makes_no_sense_drains_nothing(string command, string words)
    {
        await using var gateway = await StartAsync();
        using var admin = new AdminClient(Admin());
        Assert.Contains(words, (await admin.AskAsync(HttpMethod.Post, $"{Path}/{command}", default)).Problem, StringComparison.Ordinal);
        Assert.False(gateway.Host.Services.GetRequiredService<BackendPools>().Of("dovecot-imap").Get(First).IsDrained);
    }

    private static async Task<BackendStatus> AskAsync(AdminClient admin, string command)
    {
        var (document, problem) = await admin.AskAsync(HttpMethod.Post, $"{Path}/{command}", default);
        Assert.Null(problem);
        return JsonSerializer.Deserialize(document!, AdminJson.Default.BackendStatus)!;
    }

    /// <summary>What <c>tlsfront backends drain</c> prints.</summary>
    private async Task<string> RunAsync(params string[] arguments)
    {
        var file = System.IO.Path.Combine(_folder.FullName, "tlsfront.yaml");
        await File.WriteAllTextAsync(file, $"admin: {{ socket: {Admin().Socket} }}\n");
        using var output = new StringWriter { NewLine = "\n" };
        var parsed = CommandLine.Parse(["backends", "drain", .. arguments, "-c", file], new Dictionary<string, string>(), TimeProvider.System);
        await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return output.ToString();
    }

    private static async Task<TestClient> LoginAsync(TestGateway gateway)
    {
        var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync("a LOGIN bob secret\r\n");
        await client.ExpectAsync("a OK in\r\n");
        return client;
    }

    /// <summary>Servers that send back what logged-in clients say; the first as long as it may be taken.</summary>
    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(
        settings => settings with
        {
            Admin = Admin(),
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name != "dovecot-imap" ? backend : backend with
                {
                    Destinations = [First, Second],
                    LoadBalancing = LoadBalancing.FirstAvailable,
                    ProxyProtocol = ProxyHeaderVersion.None,
                }),
            ],
        },
        services => services.AddSingleton<ILoggerProvider>(_log),
        network =>
        {
            foreach (var destination in (string[])[First, Second])
            {
                network.Serve(destination, static async pipe =>
                {
                    var server = new ScriptedPeer(pipe);
                    await server.SendAsync("* OK ready\r\n");
                    await server.ExpectAsync("a LOGIN bob secret\r\n");
                    await server.SendAsync("a OK in\r\n");
                    await server.ExpectAsync("b NOOP\r\n");
                    await server.SendAsync("b NOOP\r\n");
                    await server.ReadToEndAsync();
                });
            }
        });

    private AdminSettings Admin() =>
        new(new IPEndPoint(IPAddress.Loopback, 0)) { Socket = System.IO.Path.Combine(_folder.FullName, "admin.sock") };
}
