using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.ProxyProtocol;
using TlsFront.Routing;
using TlsFront.Tests.Routing.Lookup;

namespace TlsFront.Tests.Functional;

/// <summary>Logins about which a service is asked over HTTP, through the whole gateway.</summary>
public sealed class LookupFunctionalTests
{
    private const string Password = "s3cr3t-passw0rd";

    private static readonly string[] Destinations = ["192.0.2.1:10143", "192.0.2.2:10143", "192.0.2.3:10143"];

    private readonly ConcurrentQueue<string> _logins = new();

    [Fact]
    public async Task A_user_goes_where_the_service_says()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.2", 10143));
        await using var gateway = await StartAsync(service);
        for (var i = 0; i < 2; i++)
        {
            await using var client = await LoginAsync(gateway, "Bob@Example.org");
            await client.ExpectAsync("a OK ");
        }

        Assert.Equal(Enumerable.Repeat($"192.0.2.2:10143 a LOGIN Bob@Example.org {Password}", 2), _logins);
        var request = Assert.Single(service.Requests);
        Assert.Contains("\r\nAuth-User: Bob@Example.org\r\nAuth-Protocol: imap\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuth-SSL: on\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_user_whom_a_route_or_an_operator_names()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.2", 10143));
        await using var gateway = await StartAsync(service);
        await using var routed = await LoginAsync(gateway, "routed");
        await routed.ExpectAsync("a OK ");
        gateway.Host.Services.GetRequiredService<UserOverrides>().Move("moved", [new("imap", "third", null)]);
        await using var moved = await LoginAsync(gateway, "moved");
        await moved.ExpectAsync("a OK ");

        Assert.Equal([$"192.0.2.3:10143 a LOGIN routed {Password}", $"192.0.2.3:10143 a LOGIN moved {Password}"], _logins);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_refused_user_hears_why_after_a_while_and_may_try_again()
    {
        await using var service = ScriptedService.Answering(static request =>
            request.Contains("Auth-User: bob", StringComparison.Ordinal)
                ? ScriptedService.Leads("192.0.2.1", 10143)
                : ScriptedService.Ok("Auth-Status: Who are you?", "Auth-Wait: 1"));
        await using var gateway = await StartAsync(service);
        await using var client = await LoginAsync(gateway, "nobody");
        Assert.Equal("a NO Who are you?\r\n", await client.ExpectAsync("\r\n"));
        await client.SendAsync($"b LOGIN bob {Password}\r\n");
        await client.ExpectAsync("b OK ");

        Assert.Equal($"192.0.2.1:10143 b LOGIN bob {Password}", Assert.Single(_logins));
        Assert.Contains("\r\nAuth-Login-Attempt: 2\r\n", service.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_time_to_wait_a_refusal_is_the_end()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Ok("Auth-Status: Go away"));
        await using var gateway = await StartAsync(service);
        await using var client = await LoginAsync(gateway, "nobody");

        Assert.Equal("a NO Go away\r\n", await client.ReadToEndAsync());
        Assert.Equal(CloseReason.LoginRefused.Tag(), await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_service_that_wants_to_be_asked_again_is_asked_again()
    {
        ScriptedService? asked = null;
        await using var service = asked = ScriptedService.Answering(_ =>
            asked!.Requests.Count == 1 ? ScriptedService.Ok("Auth-Status: WAIT") : ScriptedService.Leads("192.0.2.1", 10143));
        await using var gateway = await StartAsync(service);
        await using var client = await LoginAsync(gateway, "bob");
        await client.ExpectAsync("a OK ");

        Assert.Equal(2, service.Requests.Count);
        Assert.All(service.Requests, static request => Assert.Contains("\r\nAuth-Login-Attempt: 1\r\n", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LookupFallback.Refuse)]
    [InlineData(LookupFallback.Default)]
    internal async Task No_login_is_led_to_a_server_that_is_not_configured(LookupFallback fallback)
    {
        var log = new LogTap("LookupServerUnknown");
        // A backend of another listener, and a port that nobody named.
        foreach (var (server, port) in ((string, int)[])[("192.0.2.1", 10110), ("192.0.2.9", 10143)])
        {
            await using var service = ScriptedService.Answering(_ => ScriptedService.Leads(server, port));
            await using var gateway = await StartAsync(service, lookup => lookup with { OnFailure = fallback }, log);
            await using var client = await LoginAsync(gateway, "bob");

            Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.Equal(CloseReason.LookupFailed.Tag(), await gateway.Ends.NextAsync());
            Assert.EndsWith(
                $": lookup sends user bob to {server} port {port}, which is no destination of a backend of listener imaps: "
                + "add it to the destinations of a backend, and that to lookup.backends", await log.NextAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(_logins);
    }

    [Fact]
    public async Task A_service_that_fails_is_no_wrong_password()
    {
        var log = new LogTap("LookupFailed");
        await using var service = ScriptedService.Answering(static _ => "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await StartAsync(service, log: log);
        await using var client = await LoginAsync(gateway, "bob");

        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.EndsWith(
            ": lookup of user bob failed: it answered with another HTTP status than 2xx: status 503", await log.NextAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_fails_may_leave_users_where_the_listener_leads()
    {
        await using var service = ScriptedService.Answering(static _ => null);
        await using var gateway = await StartAsync(service, static lookup => lookup with { OnFailure = LookupFallback.Default });
        await using var client = await LoginAsync(gateway, "bob");
        await client.ExpectAsync("a OK ");

        Assert.Equal($"192.0.2.1:10143 a LOGIN bob {Password}", Assert.Single(_logins));
    }

    [Fact]
    public async Task A_client_that_leaves_is_asked_about_no_more()
    {
        var asked = new TaskCompletionSource();
        await using var service = new ScriptedService(async _ =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite);
            return null;
        });
        await using var gateway = await StartAsync(service, static lookup => lookup with { Timeout = TimeSpan.FromMinutes(1) });
        var client = await LoginAsync(gateway, "bob");
        await asked.Task.WaitAsync(TestClient.Patience);
        await client.DisposeAsync();

        Assert.Equal(CloseReason.QueueClientLeft.Tag(), await gateway.Ends.NextAsync());
    }

    [Theory]
    [InlineData("Auth-User: robert", "\0robert\0" + Password)]
    [InlineData("Auth-Pass: other", "\0bob\0other")]
    [InlineData("Auth-User: robert\r\nAuth-Pass: other", "\0robert\0other")]
    public async Task The_backend_gets_the_login_that_the_service_wants(string headers, string expected)
    {
        await using var service = ScriptedService.Answering(_ => ScriptedService.Leads("192.0.2.1", 10143, headers));
        await using var gateway = await StartAsync(service);
        await using var client = await LoginAsync(gateway, "bob");
        await client.ExpectAsync("a OK ");

        Assert.Equal(
            ["192.0.2.1:10143 a AUTHENTICATE PLAIN", $"192.0.2.1:10143 {Convert.ToBase64String(Encoding.UTF8.GetBytes(expected))}"], _logins);
    }

    [Fact]
    public async Task Another_user_takes_a_password_that_somebody_knows()
    {
        await using var service = ScriptedService.Answering(_ => ScriptedService.Leads("192.0.2.1", 10143, "Auth-User: robert"));
        await using var gateway = await StartAsync(service);
        await using var client = await gateway.ConnectAsync("imaps");
        var response = Convert.ToBase64String("user=bob\u0001auth=Bearer x\u0001\u0001"u8);
        await client.SendAsync($"a AUTHENTICATE XOAUTH2 {response}\r\n");

        Assert.Contains("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(_logins);
    }

    [Theory]
    [InlineData("192.0.2.9", "X-Other: 1")]
    [InlineData("192.0.2.1", "Auth-User: robert")]
    public async Task An_answer_that_led_nowhere_is_not_remembered(string server, string header)
    {
        await using var service = ScriptedService.Answering(_ => ScriptedService.Leads(server, 10143, header));
        await using var gateway = await StartAsync(service);
        for (var i = 0; i < 2; i++)
        {
            await using var client = await gateway.ConnectAsync("imaps");
            var response = Convert.ToBase64String("user=bob\u0001auth=Bearer x\u0001\u0001"u8);
            await client.SendAsync($"a AUTHENTICATE XOAUTH2 {response}\r\n");
            await client.ReadToEndAsync();
        }

        Assert.Equal(2, service.Requests.Count);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_password_that_is_too_long_is_handed_to_nobody(bool sendsPassword, int requests)
    {
        var log = new LogTap("LookupRefused");
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 10143, "Auth-User: robert"));
        await using var gateway = await StartAsync(service, lookup => lookup with { SendsPassword = sendsPassword }, log);
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync($"a LOGIN bob {new string('x', BackendLogin.MaxPassword + 1)}\r\n");
        Assert.Equal("a NO Authentication failed\r\n", await client.ExpectAsync("\r\n"));
        Assert.EndsWith("refused the login of user bob: the password is too long to hand on", await log.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(requests, service.Requests.Count);
        Assert.Empty(_logins);
    }

    [Fact]
    public async Task A_password_goes_to_the_service_if_it_is_to_and_into_no_log()
    {
        var everything = new EverythingLogged();
        await using (var service = ScriptedService.Answering(static request =>
            request.Contains($"\r\nAuth-Pass: {Password}\r\n", StringComparison.Ordinal)
                ? ScriptedService.Leads("192.0.2.1", 10143, "Auth-Pass: marked-answer")
                : "HTTP/1.1 200 OK\r\nAuth-Pass marked-answer\r\n\r\n"))
        {
            await using var gateway = await StartAsync(service, static lookup => lookup with { SendsPassword = true }, everything);
            await using var client = await LoginAsync(gateway, "bob");
            await client.ExpectAsync("a OK ");
            await using var other = await gateway.ConnectAsync("imaps");
            await other.SendAsync("a LOGIN bob marked-guess\r\n");
            await other.ReadToEndAsync();
            Assert.Equal(2, service.Requests.Count);
        }

        Assert.NotEmpty(everything.Lines);
        Assert.DoesNotContain(everything.Lines, static line =>
            line.Contains(Password, StringComparison.Ordinal) || line.Contains("marked", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nAuth-Status: no\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_login_that_goes_nowhere_is_not_told_of_as_the_one_before(string response)
    {
        var log = new LogTap("ConnectionEnd");
        await using var service = ScriptedService.Answering(_ => response);
        await using var gateway = await StartAsync(service, log: log);
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync("a LOGIN routed wrong\r\n");
        await client.ExpectAsync("a NO ");
        await client.ExpectAsync("\r\n");
        await client.SendAsync("b LOGIN nobody secret\r\n");
        await client.ReadToEndAsync();

        Assert.Contains(" routedBy=lookup ", await log.NextAsync(), StringComparison.Ordinal);
    }

    private static BackendSettings Backend(string name, string destination) => new()
    {
        Name = name,
        Kind = BackendKind.Dovecot,
        Destinations = [destination],
        ProxyProtocol = ProxyHeaderVersion.None,
        Health = new HealthSettings { Interval = TimeSpan.Zero },
    };

    private static async Task<TestClient> LoginAsync(TestGateway gateway, string user)
    {
        var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync($"a LOGIN {user} {Password}\r\n");
        return client;
    }

    private Task<TestGateway> StartAsync(
        ScriptedService service, Func<LookupSettings, LookupSettings>? change = null, ILoggerProvider? log = null) => TestGateway.StartAsync(
        settings => settings with
        {
            Listeners = [.. settings.Listeners.Select(listener => listener.Name != "imaps" ? listener : listener with
            {
                Routes = [new RouteSettings { Users = ["routed"], Backend = "third", Tls = new() }],
                Lookup = (change ?? (static lookup => lookup))(
                    new LookupSettings { Url = service.Url, Timeout = TestClient.Patience, Backends = ["second"] }),
            })],
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name != "dovecot-imap" ? backend : Backend("dovecot-imap", Destinations[0])),
                Backend("second", Destinations[1]), Backend("third", Destinations[2]),
            ],
        },
        configure: services =>
        {
            if (log is not null)
            {
                services.AddSingleton(log);
            }
        },
        serve: network =>
        {
            foreach (var destination in Destinations)
            {
                network.Serve(destination, pipe => ServeAsync(destination, pipe));
            }
        });

    private async Task ServeAsync(string destination, IDuplexPipe pipe)
    {
        var server = new ScriptedPeer(pipe);
        await server.SendAsync("* OK ready\r\n");
        while (true)
        {
            var line = (await server.ExpectAsync("\r\n")).TrimEnd();
            _logins.Enqueue($"{destination} {line}");
            var isAsked = line.EndsWith("AUTHENTICATE PLAIN", StringComparison.Ordinal);
            await server.SendAsync(line.EndsWith(" wrong", StringComparison.Ordinal) ? $"{line[0]} NO no\r\n"
                : isAsked ? "+ \r\n" : $"{(line.StartsWith("b LOGIN", StringComparison.Ordinal) ? 'b' : 'a')} OK in\r\n");
        }
    }

    /// <summary>Every line of every level.</summary>
    private sealed class EverythingLogged : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
