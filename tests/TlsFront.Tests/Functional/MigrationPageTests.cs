using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.Tests.Inventory;

namespace TlsFront.Tests.Functional;

/// <summary>The migration on the live page and behind it: who is told what, and what a pasted document can do.</summary>
public sealed class MigrationPageTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Path = "/api/v1/migration/what-if";
    private const string Pilot = "policies:\n  - { name: pilot, action: refuse, transport: starttls }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-migration");
    private readonly HttpClient _http = new();

    private string Database => At("inventory.db");

    public void Dispose()
    {
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_two_whom_a_policy_refuses_are_named_with_its_line_and_nobody_else()
    {
        await using var gateway = await StartAsync();
        Record();
        var (status, text) = await AskAsync(gateway, """
            policies:
              - { name: ann, action: warn, users: [ann@example.org] }
              - name: pilot
                action: refuse
                transport: starttls
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        var answer = JsonElement.Parse(text);
        Assert.Equal(5, answer.GetProperty("logins").GetInt64());
        Assert.Equal(
            [
                "bob@example.org refused pasted:3 \"pilot\"",
                "carl@example.org refused pasted:3 \"pilot\"",
                "ann@example.org warned pasted:2 \"ann\"",
            ],
            answer.GetProperty("outcomes").EnumerateArray()
                .Select(static one => $"{one.GetProperty("user")} {one.GetProperty("effect")} {one.GetProperty("by")}"));
        Assert.Equal(
            ["refused 2 3", "warned 1 1"],
            answer.GetProperty("effects").EnumerateArray()
                .Select(static one => $"{one.GetProperty("what")} {one.GetProperty("users")} {one.GetProperty("logins")}"));
        Assert.Equal(
            ["imaps", "pop3s", "submissions"], answer.GetProperty("holding").EnumerateArray().Select(static one => one.GetString()!).Order());

        // It was a question.
        Assert.Empty(gateway.Store.Current.Policies);
    }

    [Theory]
    [InlineData(null, 0, 2)]
    [InlineData("2090-01-01T00:00:00Z", 2, 1)]
    public async Task Policies_are_judged_at_the_moment_that_is_asked_for(string? at, int outcomes, int warnings)
    {
        const string When = "until: \"2020-01-01T00:00Z\" }\n  - { name: later, action: refuse, transport: starttls, from: \"2090-01-01T00:00Z\" }";
        await using var gateway = await StartAsync();
        Record();
        var request = new JsonObject { ["policies"] = Pilot.Replace("}", $", {When}", StringComparison.Ordinal), ["at"] = at };
        var answer = JsonElement.Parse((await SendAsync(gateway, request.ToJsonString())).Text);
        Assert.Equal((outcomes, warnings), (answer.GetProperty("outcomes").GetArrayLength(), answer.GetProperty("warnings").GetArrayLength()));
    }

    [Fact]
    public async Task Nobody_replays_anything_without_the_token_or_by_a_form()
    {
        await using var gateway = await StartAsync();
        Record();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway, Pilot, token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway, Pilot, token: Token + "0")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await AskAsync(gateway, Pilot, contentType: "text/plain")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await gateway.GetAsync(Path));
    }

    [Theory]
    [InlineData("policies:\n  - { name: pilot, action: refuze }\n", "pasted:2: error: policies.0.action \"refuze\" ")]
    [InlineData("policies:\n  - name: pilot\n    action: refuse\n    colour: red\n", "pasted:4: error: policies.0.colour \"red\" is not a setting")]
    [InlineData(
        "policies:\n  - { name: p, action: refuse, listeners: [imap] }\n",
        "pasted:2: error: policies.0.listeners.0 \"imap\" is not the name of a listener; did you mean imaps? ")]
    [InlineData("policies: [\n", "pasted:")]
    [InlineData("policies:\n  - &a { name: p, action: refuse }\n  - *a\n", "pasted:2: error: policies.0 uses an anchor")]
    [InlineData("hostname: other.example.com\npolicies:\n  - { name: p, action: refuse }\n", "pasted:1: error: hostname is not read here")]
    [InlineData("policies:\n", "pasted:1: error: policies is missing")]
    [InlineData("policies: none\n", "pasted:1: error: policies \"none\" is not a list")]
    public async Task What_is_wrong_is_told_as_by_check_config(string yaml, string expected)
    {
        await using var gateway = await StartAsync();
        var (status, text) = await AskAsync(gateway, yaml);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
    }

    /// <summary>Had it been read, the answer would tell of its content, or that there is none.</summary>
    [Theory]
    [InlineData("users: [{0}]")]
    [InlineData("users: [ann, {0}]")]
    [InlineData("networks: [{0}]")]
    [InlineData("users: [./secret]")]
    [InlineData("users: [/etc/shadow]")]
    [InlineData("users: [/nowhere/at-all]")]
    [InlineData("networks: [../secret]")]
    [InlineData("networks: [secret]")]
    public async Task No_file_is_looked_for(string condition)
    {
        File.WriteAllText(At("secret"), "not, a user\n");
        await using var gateway = await StartAsync();
        var written = condition.Replace("{0}", At("secret"), StringComparison.Ordinal);
        var (status, text) = await AskAsync(gateway, $"policies:\n  - {{ name: p, action: refuse, {written} }}\n");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Single(text.TrimEnd('\n').Split('\n'));
        Assert.EndsWith("names a file, and no file is read here; write out what it lists\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_policies_in_force_name_are_none_for_pasted_ones()
    {
        File.WriteAllText(At("moved.users"), "ann@example.org\n");
        await using var gateway = await StartAsync(settings => settings with
        {
            Policies = [new() { Name = "moved", Action = PolicyAction.Refuse, Users = new([], [At("moved.users")]) }],
        });
        Record();
        var (status, text) = await AskAsync(gateway, Pilot);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("bob@example.org", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@example.org", text, StringComparison.Ordinal);
        Assert.Single(gateway.Store.Current.Policies);
    }

    [Fact]
    public async Task What_is_too_large_or_no_question_at_all_is_refused()
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await AskAsync(gateway, new string('#', WhatIfEndpoint.MaximumSize))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(gateway, "a=b")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(gateway, "{}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(gateway, "{\"policies\":\"policies:\\n\",\"days\":0}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(gateway, "{\"policies\":7}")).Status);
    }

    /// <summary>Each takes an answer within the deadline of a request; a reader without bounds takes minutes for some of them.</summary>
    [Theory]
    [InlineData("policies:\n", "- {}\n", "values")]
    [InlineData("policies:\n", "- { name: this-is-one-of-a-thousand-policies }\n", "entries")]
    [InlineData("policies:\n  - { name: p, action: refuse, users: [", "a,", "values")]
    [InlineData("policies: ", "[", "nested")]
    [InlineData("policies: ", "{a: ", "nested")]
    [InlineData("", "a: 1\n", "twice")]
    public async Task What_is_made_to_be_slow_is_told_so_at_once(string begin, string repeated, string expected)
    {
        await using var gateway = await StartAsync();
        var yaml = new StringBuilder(begin);
        while (yaml.Length < 40_000)
        {
            yaml.Append(repeated);
        }

        var (status, text) = await AskAsync(gateway, yaml.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_some_hundred_are_named_and_all_are_counted()
    {
        await using var gateway = await StartAsync();
        Record([.. Enumerable.Range(0, 1000).Select(static user => Login($"user{user}@example.org", "starttls"))]);
        var answer = JsonElement.Parse((await AskAsync(gateway, Pilot)).Text);
        Assert.Equal(WhatIfAnswer.MostTold, answer.GetProperty("outcomes").GetArrayLength());
        Assert.Equal(1000 - WhatIfAnswer.MostTold, answer.GetProperty("omitted").GetInt32());
        Assert.Equal(1000, answer.GetProperty("effects")[0].GetProperty("users").GetInt32());
        Assert.Equal(1000, answer.GetProperty("reasons")[0].GetProperty("users").GetInt32());
    }

    [Fact]
    public async Task A_gateway_without_an_inventory_says_which_setting_it_takes()
    {
        await using var gateway = await StartAsync(settings => settings with { Inventory = new() });
        var (status, text) = await AskAsync(gateway, Pilot);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("inventory.path", text, StringComparison.Ordinal);
        using var events = await EventReader.OpenAsync(gateway);
        Assert.Equal("off", (await events.UntilAsync("migration", _ => true)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_database_that_is_gone_is_told_on_the_page_and_to_who_asks()
    {
        await using var gateway = await StartAsync();
        File.Delete(Database);
        Directory.CreateDirectory(Database);
        var (status, text) = await AskAsync(gateway, Pilot);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith($"{Database}: ", text, StringComparison.Ordinal);

        using var everybody = await EventReader.OpenAsync(gateway);
        var failed = await everybody.UntilAsync("migration", static migration => migration.GetProperty("state").GetString() == "failed");
        Assert.Equal("the inventory cannot be read", failed.GetProperty("problem").GetString());
        using var trusted = await EventReader.OpenAsync(gateway, Token);
        failed = await trusted.UntilAsync("migration", static migration => migration.GetProperty("state").GetString() == "failed");
        Assert.StartsWith($"{Database}: ", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_and_progress_are_everybodys_and_names_are_for_the_token()
    {
        await using var gateway = await StartAsync();
        Record();
        using var trusted = await EventReader.OpenAsync(gateway, Token);
        var told = await trusted.UntilAsync("migration", static migration => migration.GetProperty("state").GetString() == "read");
        using var everybody = await EventReader.OpenAsync(gateway);
        var open = await everybody.UntilAsync("migration", static migration => migration.GetProperty("state").GetString() == "read");

        foreach (var migration in (JsonElement[])[told, open])
        {
            Assert.Equal(
                ["implicit TLS 1.3 2", "starttls TLS 1.2 3"],
                migration.GetProperty("days").EnumerateArray()
                    .Select(static one => $"{one.GetProperty("transport")} {one.GetProperty("version")} {one.GetProperty("total")}"));
            var day = migration.GetProperty("progress")[0];
            Assert.Equal((0.4, 1 / 3.0), (day.GetProperty("logins").GetDouble(), day.GetProperty("users").GetDouble()));
            Assert.False(migration.GetProperty("progress")[1].TryGetProperty("logins", out _));
            Assert.Equal("listener submissions 3", Rows(migration).First());
        }

        Assert.Equal(
            [
                "listener submissions 3", "program Printer 3", "network 192.0.2.0/24 2", "network 198.51.100.0/24 1", "user bob@example.org 2",
                "user carl@example.org 1",
            ],
            Rows(told));
        Assert.Single(Rows(open));
        Assert.DoesNotContain("example.org", $"{open}", StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2", $"{open}", StringComparison.Ordinal);
        Assert.DoesNotContain("Printer", $"{open}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_replay_runs_at_a_time_and_is_given_up_in_the_end()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var store = new HeldStore();
        await using var gateway = await StartAsync(
            static settings => settings with { Inventory = new() },
            services => services.AddSingleton<InventoryStore>(store).AddSingleton<TimeProvider>(time));
        var first = AskAsync(gateway, Pilot);
        await store.Entered.WaitAsync(TestClient.Patience);
        var (status, text) = await AskAsync(gateway, Pilot);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "another replay runs: try again in a moment\n"), (status, text));

        // Others are served meanwhile, and the first has a deadline, whatever the database does.
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/metrics"));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await first).Status);
        Assert.StartsWith("another replay runs", (await AskAsync(gateway, Pilot)).Text, StringComparison.Ordinal);
        store.Release();
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (text.StartsWith("another", StringComparison.Ordinal))
        {
            (_, text) = await AskAsync(gateway, Pilot).WaitAsync(patience.Token);
        }

        Assert.Equal("held: it has no rows\n", text);
    }

    private static IEnumerable<string> Rows(JsonElement migration) =>
        from part in migration.GetProperty("groups").EnumerateArray()
        from row in part.GetProperty("rows").EnumerateArray()
        select $"{part.GetProperty("by")} {row.GetProperty("name")} {row.GetProperty("startTls")}";

    private static RecordedLogin Login(string user, string transport, string client = "192.0.2.7", int minutes = 1) => new(
        DateTimeOffset.UtcNow.AddMinutes(-minutes), user, IPAddress.Parse(client),
        transport == "implicit" ? "imaps" : "submissions", transport == "implicit" ? "imap" : "smtp", transport,
        new(transport == "implicit" ? TlsVersion.Tls13 : TlsVersion.Tls12, "TLS_AES_128_GCM_SHA256", "mail.example.com", null),
        transport == "implicit" ? null : "Printer", LoginOutcome.Accepted, null, PolicyAction.None);

    private string At(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Ann has moved; Bob has not, from one place, nor has Carl, from another.</summary>
    private void Record() => Record(
        Login("ann@example.org", "implicit"), Login("bob@example.org", "implicit"), Login("bob@example.org", "starttls"),
        Login("bob@example.org", "starttls"), Login("carl@example.org", "starttls", "198.51.100.1", minutes: 2));

    private void Record(params RecordedLogin[] logins)
    {
        var settings = new InventorySettings { Path = Database };
        using var store = InventoryStore.Of(settings, out _)!;
        Assert.Null(new LoginInventory(store, new UserNames(null), settings).Add(logins));
    }

    private Task<TestGateway> StartAsync(Func<GatewaySettings, GatewaySettings>? change = null, Action<IServiceCollection>? configure = null)
    {
        File.WriteAllText(At("token"), Token + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return TestGateway.StartAsync(settings =>
        {
            var now = settings with
            {
                Admin = settings.Admin with { TokenFile = At("token") },
                Inventory = new() { Path = Database },
                Listeners =
                [
                    .. settings.Listeners.Select(static listener => listener.Name == "submissions"
                        ? listener with { Security = ListenerSecurity.StartTls } : listener),
                ],
            };
            return change is null ? now : change(now);
        }, configure);
    }

    private Task<(HttpStatusCode Status, string Text)> AskAsync(
        TestGateway gateway, string policies, string? token = Token, string contentType = "application/json") =>
        SendAsync(gateway, new JsonObject { ["policies"] = policies }.ToJsonString(), token, contentType);

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(
        TestGateway gateway, string body, string? token = Token, string contentType = "application/json")
    {
        var address = gateway.Host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(address), Path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent(body, Encoding.UTF8, contentType);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
