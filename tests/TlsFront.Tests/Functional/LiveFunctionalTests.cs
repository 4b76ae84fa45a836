using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Admin.Live;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>The events of the live page: what comes when, for whom, and how it ends.</summary>
public sealed class LiveFunctionalTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly string[] Parts =
        ["status", "gateway", "probes", "times", "handshakes", "failures", "connections", "migration", "clients"];

    private static readonly IPEndPoint Client = new(IPAddress.Parse("203.0.113.77"), 51000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-live");

    private string TokenPath => Path.Combine(_folder.FullName, "token");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task All_documents_come_first_and_then_those_that_change()
    {
        await using var gateway = await TestGateway.StartAsync();
        Serve(gateway);
        using var events = await EventReader.OpenAsync(gateway);
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", events.Response.Headers.CacheControl?.ToString());
        foreach (var part in Parts)
        {
            Assert.Equal(part, (await events.NextAsync())?.Name);
        }

        await using (var client = await gateway.ConnectAsync("imaps"))
        {
            await client.ExpectAsync("ready\r\n");
            var status = await events.UntilAsync("status", status => status.GetProperty("connections").GetInt32() == 1);
            Assert.Equal(1, status.GetProperty("listeners")[1].GetProperty("connections").GetInt32());
            await client.SendAsync("a LOGIN demo secret\r\n");
            await client.ReadToEndAsync();
        }

        var ended = (await events.UntilAsync("connections", connections => connections.GetArrayLength() == 1))[0];
        Assert.Equal("imaps", ended.GetProperty("listener").GetString());
        Assert.Equal("192.0.2.1:10143", ended.GetProperty("destination").GetString());
        Assert.False(ended.GetProperty("failed").GetBoolean());
        var handshakes = await events.UntilAsync(
            "handshakes",
            handshakes =>
                handshakes.GetProperty("succeeded") is var all
                    && all.GetArrayLength() == 1
                    && all[0].GetProperty("counts").EnumerateArray().Sum(count => count.GetInt32()) == 1);
        Assert.Equal("TLS 1.3", handshakes.GetProperty("succeeded")[0].GetProperty("version").GetString());
        var login = Assert.Single(handshakes.GetProperty("logins").EnumerateArray());
        Assert.Equal(
            ("implicit", "TLS 1.3", 1L),
            (login.GetProperty("transport").GetString(), login.GetProperty("version").GetString(), login.GetProperty("total").GetInt64()));
    }

    [Fact]
    public async Task Connect_and_greeting_times_and_failures_are_told()
    {
        await using var gateway = await TestGateway.StartAsync();
        Serve(gateway);
        using var events = await EventReader.OpenAsync(gateway);
        await using (var imap = await gateway.ConnectAsync("imaps"))
        {
            await imap.ExpectAsync("ready\r\n");
        }

        await using (var pop3 = await gateway.ConnectAsync("pop3s"))
        {
            await pop3.ReadToEndAsync();
        }

        var times = await events.UntilAsync("times", times => times[2].TryGetProperty("greeting", out _));
        Assert.Equal(1, times[2].GetProperty("connect").GetProperty("count").GetInt32());
        Assert.False(times[0].TryGetProperty("connect", out _));
        var failure = (
            await events.UntilAsync(
                "failures", failures => failures.EnumerateArray().Any(failure => failure.GetProperty("reason").GetString() == "backend_unavailable")))
            .EnumerateArray().Single(failure => failure.GetProperty("reason").GetString() == "backend_unavailable");
        Assert.Equal(1, failure.GetProperty("recent").GetInt32());
        Assert.Contains("tlsfront doctor", failure.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_client_is_named_without_the_token_and_no_user_with_it()
    {
        await using var gateway = await StartWithTokenAsync();
        Serve(gateway);
        await using (var client = await gateway.ConnectAsync("imaps", Client, "asked-for.example.com"))
        {
            await client.ExpectAsync("ready\r\n");
            await client.SendAsync("a LOGIN demo secret\r\n");
            await client.ReadToEndAsync();
        }

        await gateway.Ends.NextAsync();
        var (everybody, trusted) = (await AllAsync(gateway, null), await AllAsync(gateway, Token));
        Assert.Contains("192.0.2.1:10143", everybody, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.77", everybody, StringComparison.Ordinal);
        Assert.DoesNotContain("asked-for", everybody, StringComparison.Ordinal);
        Assert.Contains("\"client\":\"203.0.113.77\"", trusted, StringComparison.Ordinal);
        Assert.Contains("\"serverName\":\"asked-for.example.com\"", trusted, StringComparison.Ordinal);
        Assert.All([everybody, trusted], text => Assert.DoesNotContain("demo", text, StringComparison.Ordinal));
        Assert.Contains("\"commands\":\"token\"", everybody, StringComparison.Ordinal);
        Assert.Contains("\"commands\":\"granted\"", trusted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_clients_are_checked_once_for_a_configuration_and_anew_for_the_next()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (var events = await EventReader.OpenAsync(gateway))
        {
            var checks = await events.UntilAsync("clients", static clients => clients.GetProperty("state").GetString() == "checked");
            var place = checks.GetProperty("places").EnumerateArray()
                .Single(static place => place.GetProperty("names").EnumerateArray().Any(static name => $"{name}" == "imaps"));
            Assert.Contains(
                place.GetProperty("refused").EnumerateArray(),
                static refusal => $"{refusal.GetProperty("client")}".StartsWith("Windows XP", StringComparison.Ordinal)
                    && $"{refusal.GetProperty("reason")}" == "client offers at most TLS 1.0; minimum is TLS 1.2");
            Assert.True(place.GetProperty("served").GetInt32() > 20);
        }

        var watch = gateway.Host.Services.GetRequiredService<ClientWatch>();
        var before = watch.Look();
        Assert.Same(before, watch.Look());
        gateway.Store.Replace(gateway.Store.Current with { HostName = "other.example.com" });
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (ReferenceEquals(watch.Look(), before))
        {
            await Task.Delay(1, patience.Token);
        }

        Assert.Equal("checked", watch.Look().State);
    }

    [Fact]
    public async Task A_token_that_was_changed_ends_the_stream_that_began_with_it()
    {
        await using var gateway = await StartWithTokenAsync();
        using var events = await EventReader.OpenAsync(gateway, Token);
        await events.UntilAsync("connections", _ => true);
        WriteToken(Token.ToUpperInvariant());
        while (await events.NextAsync() is not null)
        {
        }

        using var refused = await EventReader.OpenAsync(gateway, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    [Fact]
    public async Task One_watcher_too_many_is_told_to_come_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        var watchers = new List<EventReader>();
        for (var watcher = 0; watcher < LiveFeed.MaximumWatchers; watcher++)
        {
            watchers.Add(await EventReader.OpenAsync(gateway));
            Assert.Equal(HttpStatusCode.OK, watchers[^1].Status);
        }

        using (var refused = await EventReader.OpenAsync(gateway))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.NotNull(refused.Response.Headers.RetryAfter);
        }

        // Others are served meanwhile.
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/metrics"));
        watchers.ForEach(watcher => watcher.Dispose());
        var feed = gateway.Host.Services.GetRequiredService<LiveFeed>();
        while (feed.Watchers > 0)
        {
            await Task.Delay(1);
        }
    }

    [Fact]
    public async Task A_drain_tells_how_long_it_may_take()
    {
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with { Drain = new DrainSettings(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)) });
        Serve(gateway);
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("ready\r\n");
        using var events = await EventReader.OpenAsync(gateway);
        using var atOnce = new CancellationTokenSource();
        var stopping = gateway.Host.StopAsync(atOnce.Token);
        var drain = (await events.UntilAsync("gateway", status => status.TryGetProperty("drain", out _))).GetProperty("drain");
        Assert.Equal(1, drain.GetProperty("connections").GetInt32());
        Assert.Equal(
            TimeSpan.FromMinutes(1), drain.GetProperty("acceptingUntil").GetDateTimeOffset() - drain.GetProperty("began").GetDateTimeOffset());
        Assert.Equal(TimeSpan.FromMinutes(3), drain.GetProperty("until").GetDateTimeOffset() - drain.GetProperty("began").GetDateTimeOffset());
        await atOnce.CancelAsync();
        await stopping.WaitAsync(TestClient.Patience);
    }

    [Fact]
    public async Task The_end_of_the_process_ends_a_stream_in_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var events = await EventReader.OpenAsync(gateway);
        await events.UntilAsync("connections", _ => true);
        var stopping = gateway.Host.StopAsync();
        while (await events.NextAsync() is not null)
        {
        }

        await stopping.WaitAsync(TestClient.Patience);
    }

    /// <summary>Dovecot, for one dialogue at a time.</summary>
    private static void Serve(TestGateway gateway) => gateway.Network.Serve("192.0.2.1:10143", async pipe =>
    {
        var backend = new ScriptedPeer(pipe);
        await backend.SendAsync("* OK [CAPABILITY IMAP4rev1] ready\r\n");
        await backend.ExpectAsync("a LOGIN demo secret\r\n");
        await backend.SendAsync("a OK logged in\r\n");
    });

    /// <summary>Everything a new watcher gets.</summary>
    private static async Task<string> AllAsync(TestGateway gateway, string? token)
    {
        using var events = await EventReader.OpenAsync(gateway, token);
        var all = "";
        foreach (var part in Parts)
        {
            var (name, data) = (await events.NextAsync())!.Value;
            Assert.Equal(part, name);
            all += data;
        }

        return all;
    }

    private Task<TestGateway> StartWithTokenAsync()
    {
        WriteToken(Token);
        return TestGateway.StartAsync(settings => settings with { Admin = settings.Admin with { TokenFile = TokenPath } });
    }

    private void WriteToken(string token)
    {
        File.WriteAllText(TokenPath, token + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(TokenPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
