using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Connections;
using TlsFront.Routing.Lookup;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>Whom requests go to, how long they may take, and what is remembered of their answers.</summary>
public sealed class LookupClientTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_service_that_takes_too_long_is_not_waited_for()
    {
        await using var service = new ScriptedService(static async _ =>
        {
            await Task.Delay(Timeout.Infinite);
            return null;
        });
        var client = new LookupClient(new() { Url = service.Url }, null, [], _time);
        var asked = client.AskAsync(Lookups.Record(), CancellationToken.None).AsTask();
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (service.Requests.IsEmpty)
        {
            await Task.Delay(1, patience.Token);
        }

        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(LookupResult.Timeout, (await asked).Result);
    }

    [Fact]
    public async Task A_session_that_ends_asks_no_more()
    {
        using var stop = new CancellationTokenSource();
        await using var service = new ScriptedService(async _ =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite);
            return null;
        });
        var client = new LookupClient(new() { Url = service.Url }, null, [], _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.AskAsync(Lookups.Record(), stop.Token));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_from_one_that_is_slow()
    {
        // Bound, so that nobody else gets the port, and without anybody who listens.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var client = new LookupClient(new() { Url = new Uri($"http://{bound.LocalEndPoint}/auth") }, null, [], _time);

        Assert.Equal(LookupResult.Unreachable, (await client.AskAsync(Lookups.Record(), CancellationToken.None)).Result);
    }

    [Fact]
    public async Task Its_certificate_is_verified()
    {
        var certificate = TestAuthority.Shared.Ecdsa("localhost");
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 143), certificate);
        var named = new UriBuilder(service.Url) { Host = "localhost" }.Uri;

        Assert.Equal(LookupResult.Found, await AskAsync(named, [TestAuthority.Shared.Root]));
        Assert.Equal(LookupResult.TlsFailed, await AskAsync(named, null));
        Assert.Equal(LookupResult.TlsFailed, await AskAsync(named, [new TestAuthority().Root]));
        Assert.Equal(LookupResult.TlsFailed, await AskAsync(service.Url, [TestAuthority.Shared.Root]));
    }

    [Fact]
    public async Task A_trace_of_the_process_adds_nothing_to_the_request()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 143));
        using var activity = new Activity("test").Start();
        await Lookups.AskAsync(service);

        Assert.DoesNotContain("traceparent", Assert.Single(service.Requests), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Answers_are_remembered_by_user_each_kind_for_its_own_time()
    {
        var answer = ScriptedService.Leads("192.0.2.1", 143);
        await using var service = ScriptedService.Answering(_ => answer);
        var client = new LookupClient(new() { Url = service.Url }, null, [], _time);
        Assert.Null(client.Find("bob"));
        await RememberAsync(client, "bob");
        answer = ScriptedService.Ok("Auth-Status: no", "Auth-Wait: 1");
        await RememberAsync(client, "eve");

        Assert.Equal((LookupResult.Found, LookupResult.Refused), (client.Find("bob")?.Result, client.Find("eve")?.Result));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((LookupResult.Found, null), (client.Find("bob")?.Result, client.Find("eve")?.Result));
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Null(client.Find("bob"));
    }

    [Theory]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nAuth-Status: WAIT\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nAuth-Status: OK\r\nAuth-Server: a\r\nAuth-Port: 1\r\nAuth-Pass: b\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nAuth-Status: OK\r\nAuth-Server: a\r\nAuth-Port: 1\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nAuth-Status: no\r\nContent-Length: 0\r\n\r\n", true)]
    public async Task Failures_passwords_and_answers_to_passwords_are_not_remembered(string response, bool sendsPassword)
    {
        await using var service = ScriptedService.Answering(_ => response);
        var client = new LookupClient(new() { Url = service.Url, SendsPassword = sendsPassword }, null, [], _time);
        await RememberAsync(client, "bob");

        Assert.Null(client.Find("bob"));
    }

    [Fact]
    public void The_oldest_answers_go_first_where_there_are_too_many()
    {
        var cache = new LookupCache(TimeSpan.FromSeconds(30), 3, _time);
        foreach (var key in (string[])["a", "b", "c", "d"])
        {
            cache.Add(key, new LookupAnswer(LookupResult.Found));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([false, true, true, true], ((string[])["a", "b", "c", "d"]).Select(key => cache.Find(key) is not null));
    }

    [Fact]
    public void Nothing_is_remembered_for_no_time()
    {
        var cache = new LookupCache(TimeSpan.Zero, 3, _time);
        cache.Add("a", new LookupAnswer(LookupResult.Found));

        Assert.Null(cache.Find("a"));
    }

    private static async Task RememberAsync(LookupClient client, string key) =>
        client.Remember(key, await client.AskAsync(Lookups.Record(), CancellationToken.None));

    private async Task<LookupResult> AskAsync(Uri url, X509Certificate2Collection? authorities) =>
        (await new LookupClient(new() { Url = url }, authorities, [], _time).AskAsync(Lookups.Record(), CancellationToken.None)).Result;
}
