using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using TlsFront.Admin;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Tests.Telemetry;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Functional;

/// <summary>Operators see who is connected, and end some of them.</summary>
public sealed class SessionCommandTests : IDisposable
{
    private const string Path = "/api/v1/sessions";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-sessions");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Sessions_are_listed_and_ended_by_every_condition_together(object engine)
    {
        await using var backend = new SocketBackend(static async (peer, socket) =>
        {
            await peer.SendAsync("* OK ready\r\n");
            await peer.ExpectAsync(" secret\r\n");
            await peer.SendAsync("a OK in\r\n");
            await peer.ExpectAsync("b LOGOUT\r\n");
            await peer.SendAsync("* BYE\r\nb OK out\r\n");
            socket.Shutdown(SocketShutdown.Send);
        });
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, backend, settings => settings with { Admin = Admin() });
        using var admin = new AdminClient(Admin());
        await using var alice = await LoginAsync(gateway, "alice@example.org");
        await using var bob = await LoginAsync(gateway, "bob@example.org");
        await using var nobody = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await nobody.ExpectAsync("* OK ready\r\n");

        Assert.Equal(["alice@example.org", "bob@example.org", null], (await AskAsync(admin, HttpMethod.Get, Path)).Select(session => session.User));
        Assert.Equal(["bob@example.org"], (await AskAsync(admin, HttpMethod.Get, $"{Path}?user=b*@example.org")).Select(session => session.User));
        Assert.Equal(3, (await AskAsync(admin, HttpMethod.Get, $"{Path}?net=127.0.0.0%2F8&backend=dovecot-imap")).Count);
        Assert.Empty(await AskAsync(admin, HttpMethod.Get, $"{Path}?net=192.0.2.1"));
        Assert.Empty(await AskAsync(admin, HttpMethod.Post, $"{Path}/kick?user=b*@example.org&net=192.0.2.0%2F24"));

        Assert.Equal(
            ["bob@example.org"], (await AskAsync(admin, HttpMethod.Post, $"{Path}/kick?user=b*@example.org")).Select(session => session.User));
        Assert.Equal("drained", await gateway.Ends.NextAsync());
        await alice.SendAsync("b LOGOUT\r\n");
        Assert.EndsWith("* BYE\r\nb OK out\r\n", await alice.ReadToEndAsync(), StringComparison.Ordinal);

        // Before the login there is a word for it.
        await AskAsync(admin, HttpMethod.Post, $"{Path}/kick?backend=dovecot-imap");
        Assert.Contains("* BYE ", await nobody.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "name a user, a net or a backend")]
    [InlineData("?net=here", "net is not an address or network")]
    [InlineData("?net=192.0.2.1%2F24", "net has bits beyond its prefix")]
    [InlineData("?usr=bob&backend=dovecot-imap", "there is no condition usr")]
    public async Task Whom_to_end_must_be_said(string query, string words)
    {
        await using var gateway = await TestGateway.StartAsync(settings => settings with { Admin = Admin() });
        using var admin = new AdminClient(Admin());
        var (document, problem) = await admin.AskAsync(HttpMethod.Post, $"{Path}/kick{query}", default);
        Assert.Null(document);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_connected_is_shown_to_nobody_without_the_token()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.GetAsync(Path));
    }

    private static async Task<IReadOnlyList<SessionStatus>> AskAsync(AdminClient admin, HttpMethod method, string path)
    {
        var (document, problem) = await admin.AskAsync(method, path, default);
        Assert.Null(problem);
        return JsonSerializer.Deserialize(document!, AdminJson.Default.IReadOnlyListSessionStatus)!;
    }

    private static async Task<TestClient> LoginAsync(TestGateway gateway, string user)
    {
        var client = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync($"a LOGIN {user} secret\r\n");
        await client.ExpectAsync("a OK in\r\n");
        return client;
    }

    private AdminSettings Admin() =>
        new(new IPEndPoint(IPAddress.Loopback, 0)) { Socket = System.IO.Path.Combine(_folder.FullName, "admin.sock") };
}
