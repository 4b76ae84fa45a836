using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Admin;
using TlsFront.Cli;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Telemetry;

namespace TlsFront.Tests.Functional;

/// <summary>The admin endpoint of the whole gateway: who may do what, and what comes of it.</summary>
public sealed class AdminFunctionalTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-admin");
    private readonly HttpClient _http = new();

    private string SocketPath => Path.Combine(_folder.FullName, "admin.sock");

    private string TokenPath => Path.Combine(_folder.FullName, "token");

    public void Dispose()
    {
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_token_commands_over_TCP_are_refused_and_the_setting_is_named()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (status, text) = await SendAsync(gateway, HttpMethod.Post, "/api/v1/backends/postfix/drain");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("admin.tokenFile", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/api/v1/status"));
    }

    [Fact]
    public async Task Commands_need_the_right_token_as_its_file_is_now()
    {
        WriteToken(Token);
        await using var gateway = await TestGateway.StartAsync(settings => settings with { Admin = settings.Admin with { TokenFile = TokenPath } });
        const string path = "/api/v1/backends/postfix/drain";
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(gateway, HttpMethod.Post, path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(gateway, HttpMethod.Post, path, token: Token + "0")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Post, path, token: Token)).Status);
        WriteToken(Token.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(gateway, HttpMethod.Post, path, token: Token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, HttpMethod.Post, path, token: Token.ToUpperInvariant())).Status);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(TokenPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(gateway, HttpMethod.Post, path, token: Token.ToUpperInvariant())).Status);
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public async Task What_a_form_can_send_is_no_command(string? contentType)
    {
        WriteToken(Token);
        await using var gateway = await TestGateway.StartAsync(settings => settings with { Admin = settings.Admin with { TokenFile = TokenPath } });
        Assert.Equal(
            HttpStatusCode.UnsupportedMediaType,
            (await SendAsync(gateway, HttpMethod.Post, "/api/v1/drain", token: Token, contentType: contentType)).Status);
        Assert.False(gateway.Host.Services.GetRequiredService<GatewayControl>().DrainRequested.IsCancellationRequested);
    }

    [Theory]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("mail.example.com", HttpStatusCode.OK)]
    public async Task A_foreign_name_that_points_here_reads_nothing(string host, HttpStatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(expected, (await SendAsync(gateway, HttpMethod.Get, "/api/v1/status", host: host)).Status);
        Assert.Equal(expected, (await SendAsync(gateway, HttpMethod.Get, "/metrics", host: host)).Status);
    }

    /// <summary>A browser on the inside reaches addresses that the author of the page in it does not.</summary>
    [Theory]
    [InlineData("metrics.internal", StatusCodes.Status200OK)]
    [InlineData("Metrics.Internal:9090", StatusCodes.Status200OK)]
    [InlineData("192.0.2.1:9090", StatusCodes.Status200OK)]
    [InlineData("metrics.internal.rebound.example", StatusCodes.Status421MisdirectedRequest)]
    [InlineData("rebound.example:9090", StatusCodes.Status421MisdirectedRequest)]
    public async Task On_addresses_that_others_reach_too_only_names_that_are_configured_are_answered(string host, int expected)
    {
        var store = new SettingsStore(TestGateway.Settings(_folder.FullName) with { Admin = Admin() with { HostNames = ["metrics.internal"] } });
        var guard = new AdminGuard(store, new AdminToken(store), TimeProvider.System, NullLogger<AdminGuard>.Instance);
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
        context.Request.Method = HttpMethods.Get;
        context.Request.Host = new HostString(host);
        await guard.InvokeAsync(context, _ => Task.CompletedTask);
        Assert.Equal(expected, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_too_long_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(
            HttpStatusCode.RequestHeaderFieldsTooLarge, (await SendAsync(gateway, HttpMethod.Get, "/livez", token: new string('a', 20_000))).Status);
    }

    [Fact]
    public async Task What_is_drained_is_told_and_what_there_is_to_drain_is_named()
    {
        await using var gateway = await StartWithSocketAsync();
        using var client = new AdminClient(Admin());
        Assert.Null((await client.AskAsync(HttpMethod.Post, "/api/v1/backends/postfix/192.0.2.1%3A10465/drain", default)).Problem);
        var postfix = (await StatusAsync(client)).Backends.Single(backend => backend.Name == "postfix");
        Assert.Equal([true, false], postfix.Destinations.Select(destination => destination.Drained));
        Assert.Null((await client.AskAsync(HttpMethod.Post, "/api/v1/backends/postfix/resume", default)).Problem);
        Assert.All(
            (await StatusAsync(client)).Backends.SelectMany(backend => backend.Destinations), destination => Assert.False(destination.Drained));
        Assert.Contains(
            "it has 192.0.2.1:10465, 192.0.2.2:10465",
            (await client.AskAsync(HttpMethod.Post, "/api/v1/backends/postfix/192.0.2.3%3A1/drain", default)).Problem, StringComparison.Ordinal);
        Assert.Contains(
            "there are postfix, dovecot-imap", (await client.AskAsync(HttpMethod.Post, "/api/v1/backends/none/drain", default)).Problem,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_drained_destination_gets_no_new_session_and_keeps_those_it_has(object engine)
    {
        await using var first = EngineGateway.Imap();
        await using var second = EngineGateway.Imap();
        await using var gateway = await EngineGateway.StartAsync((EngineChoice)engine, first, settings => settings with
        {
            Admin = Admin(),
            Backends =
            [
                .. settings.Backends.Select(
                    backend => backend with { Destinations = [first.Destination, second.Destination], LoadBalancing = LoadBalancing.FirstAvailable })
            ],
        });
        using var client = new AdminClient(Admin());
        await using var held = await LoginAsync(gateway);
        Assert.Equal([1, 0], await SessionsAsync(client));

        Assert.Null(
            (await client.AskAsync(
                HttpMethod.Post, $"/api/v1/backends/dovecot-imap/{Uri.EscapeDataString(first.Destination)}/drain", default)).Problem);
        await using var other = await LoginAsync(gateway);
        await using var another = await LoginAsync(gateway);
        Assert.Equal([1, 2], await SessionsAsync(client));

        await LogoutAsync(held);
        Assert.Equal("completed", await gateway.Ends.NextAsync());
        Assert.Equal([0, 2], await SessionsAsync(client));

        Assert.Null((await client.AskAsync(HttpMethod.Post, "/api/v1/backends/dovecot-imap/drain", default)).Problem);
        await using (var refused = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps")))
        {
            Assert.StartsWith("* BYE [UNAVAILABLE]", await refused.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Null((await client.AskAsync(HttpMethod.Post, "/api/v1/backends/dovecot-imap/resume", default)).Problem);
        await using var resumed = await LoginAsync(gateway);
        Assert.Equal([1, 2], await SessionsAsync(client));
        await LogoutAsync(other);
        await LogoutAsync(another);
        await LogoutAsync(resumed);
    }

    [Fact]
    public async Task The_socket_is_its_owners_alone_and_goes_with_the_gateway()
    {
        await using (await StartWithSocketAsync())
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(AdminSettings.OwnerOnly, File.GetUnixFileMode(SocketPath));
            }

            await Assert.ThrowsAsync<GatewayStartException>(StartWithSocketAsync);
            Assert.True(File.Exists(SocketPath));
        }

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task What_is_no_socket_is_not_removed()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");
        Assert.Contains("is no socket", (await Assert.ThrowsAsync<GatewayStartException>(StartWithSocketAsync)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task A_file_that_another_has_locked_is_not_taken_for_a_socket()
    {
        await using (var locked = new FileStream(SocketPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await locked.WriteAsync("precious"u8.ToArray());
            Assert.Contains(
                "is no socket", (await Assert.ThrowsAsync<GatewayStartException>(StartWithSocketAsync)).Message, StringComparison.Ordinal);
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Theory]
    [InlineData("mkfifo {0}")]
    [InlineData("mkdir {0}")]
    [InlineData("ln -s /dev/null {0}")]
    [InlineData("ln -s {0}.gone {0}")]
    public async Task Nothing_else_with_its_path_is_removed_or_waited_for(string command)
    {
        using (var shell = Process.Start("sh", ["-c", string.Format(CultureInfo.InvariantCulture, command, SocketPath)]))
        {
            await shell.WaitForExitAsync();
        }

        var before = Directory.GetFileSystemEntries(_folder.FullName);
        Assert.Contains(
            SocketPath, (await Assert.ThrowsAsync<GatewayStartException>(StartWithSocketAsync).WaitAsync(TimeSpan.FromSeconds(60))).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.FullName));
        Assert.Single(before);
    }

    [Fact]
    public async Task A_socket_that_a_killed_gateway_left_behind_is_replaced()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(SocketPath));
            // Neither closed by .NET, which would remove the file, nor listening: as after SIGKILL.
            await using var gateway = await StartWithSocketAsync();
            using var client = new AdminClient(Admin());
            Assert.Null((await client.AskAsync(HttpMethod.Get, "/api/v1/status", default)).Problem);
        }
    }

    [Fact]
    public async Task Drain_ends_the_gateway_as_a_signal_does()
    {
        await using var gateway = await StartWithSocketAsync();
        using var client = new AdminClient(Admin());
        var (document, _) = await client.AskAsync(HttpMethod.Post, "/api/v1/drain", default);
        Assert.Equal("draining", JsonSerializer.Deserialize(document!, AdminJson.Default.GatewayStatus)!.State);
        Assert.True(gateway.Host.Services.GetRequiredService<GatewayControl>().DrainRequested.IsCancellationRequested);
    }

    [Fact]
    public async Task A_gateway_that_does_not_run_is_told_by_its_setting_and_place()
    {
        using var overSocket = new AdminClient(Admin());
        var (_, problem) = await overSocket.AskAsync(HttpMethod.Get, "/api/v1/status", default);
        Assert.StartsWith(
            $"admin.socket {SocketPath} cannot be asked: there is no such socket; is the gateway running", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", problem, StringComparison.Ordinal);

        using var overTcp = new AdminClient(new AdminSettings(new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.StartsWith(
            "admin.address http://127.0.0.1:1 cannot be asked: ", (await overTcp.AskAsync(HttpMethod.Get, "/api/v1/status", default)).Problem,
            StringComparison.Ordinal);
    }

    private static async Task<GatewayStatus> StatusAsync(AdminClient client) =>
        JsonSerializer.Deserialize((await client.AskAsync(HttpMethod.Get, "/api/v1/status", default)).Document!, AdminJson.Default.GatewayStatus)!;

    /// <summary>Sessions of each destination of the IMAP backend.</summary>
    private static async Task<IEnumerable<int>> SessionsAsync(AdminClient client) =>
        (await StatusAsync(client)).Backends.Single(
            backend => backend.Name == "dovecot-imap").Destinations.Select(destination => destination.Sessions);

    private static async Task<TestClient> LoginAsync(TestGateway gateway)
    {
        var client = await TestClient.HandshakeAsync(await EngineGateway.ConnectAsync(gateway, "imaps"));
        await client.ExpectAsync("* OK ready\r\n");
        await client.SendAsync("a LOGIN demo secret\r\n");
        await client.ExpectAsync("a OK in\r\n");
        return client;
    }

    private static async Task LogoutAsync(TestClient client)
    {
        await client.SendAsync("b LOGOUT\r\n");
        Assert.EndsWith("* BYE\r\nb OK out\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private AdminSettings Admin() => new(new IPEndPoint(IPAddress.Loopback, 0)) { Socket = SocketPath };

    private Task<TestGateway> StartWithSocketAsync() => TestGateway.StartAsync(settings => settings with { Admin = Admin() });

    private void WriteToken(string token)
    {
        File.WriteAllText(TokenPath, token + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(TokenPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(
        TestGateway gateway, HttpMethod method, string path, string? token = null, string? contentType = "application/json", string? host = null)
    {
        var address = gateway.Host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last();
        using var request = new HttpRequestMessage(method, new Uri(new Uri(address), path));
        request.Headers.Host = host;
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("a=b"));
            request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
