using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;
using TlsFront.SystemTests.Limits;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.DeployTests.Live;

/// <summary>
/// Every expression of dashboards, alerts and README, evaluated by a real Prometheus that scrapes real gateways under real mail traffic. What is
/// rightly empty as long as all is well gets its trouble first.
/// </summary>
public sealed class ExpressionTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    /// <summary>Generous: it only has an effect when something is broken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>More in ten minutes than the alert allows.</summary>
    private const int Stalls = 90;

    /// <summary>More than the 2000 series that OpenTelemetry allows a metric.</summary>
    private const int ManyDestinations = 2100;

    [Fact]
    public async Task Every_expression_finds_something_and_every_alert_has_its_case()
    {
        var user = Backends.NewUser();
        using var list = new EndingRevocationList();
        using var group = new ControlGroup();
        var (busy, full, quiet, gone) = (await BusyAsync(), await FullAsync(group), await QuietAsync(list), await StartGatewayAsync());
        var traffic = new Traffic(busy);
        await traffic.MailAsync(user);
        await using var routedTraffic = new RoutedTraffic(Backends);
        var routed = await StartGatewayAsync(routedTraffic.SetupOf(Setup));
        await routedTraffic.WaitAsync(routed);

        // Idle sessions, which a gateway keeps as long as it is only about to drain.
        await using var first = await IdleAsync(full);
        await using var second = await IdleAsync(full);
        full.Process.Signal(UnixSignal.Terminate);
        await Eventually.TrueAsync("it drains", async () => await full.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);

        var jobs = new Dictionary<string, int>
        {
            ["busy"] = busy.Ports.Admin,
            ["full"] = full.Ports.Admin,
            ["quiet"] = quiet.Ports.Admin,
            ["routed"] = routed.Ports.Admin,
            ["gone"] = gone.Ports.Admin
        };
        await using var prometheus = await PrometheusServer.StartAsync(
            jobs,
            History.Of(await busy.GetAsync("/metrics"), new Dictionary<string, int> { ["busy"] = busy.Ports.Admin, ["quiet"] = quiet.Ports.Admin }));
        await Eventually.TrueAsync("all are scraped", async () => await prometheus.QueryAsync($"count(up == 1) == {jobs.Count}") is [_], Patience);
        gone.Process.Signal(UnixSignal.Kill);
        await File.WriteAllTextAsync(busy.ConfigurationFile, "hostname: [");
        busy.Process.Signal(UnixSignal.Hangup);
        await routedTraffic.BreakMapAsync();
        await File.WriteAllTextAsync(BrokenInventory(busy), new string('x', 10_000));
        await StallAsync(busy, traffic);

        await FindAllAsync(prometheus, async () =>
        {
            await traffic.MailAsync(user);
            await traffic.RefusedLoginAsync(user);
            await traffic.ResumedAsync();
            await traffic.DeniedAsync();
            await traffic.CheckAsync();
            await traffic.UnservedAsync();
            await routedTraffic.LogInAsync();
            await routedTraffic.LogInAsBeforeAsync();
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => traffic.CleartextAsync()));
        });
    }

    /// <summary>Asks until everything had its value, with traffic between; writes what was found to <c>artifacts/expressions.md</c>.</summary>
    private static async Task FindAllAsync(PrometheusServer prometheus, Func<Task> traffic)
    {
        var rules = await prometheus.RulesAsync();
        Expression[] expressions =
        [
            .. Expression.OfDashboards(), .. Expression.OfReadme(), .. rules.Select(static rule => new Expression(rule.Alert, rule.Expression))
        ];
        Assert.True(expressions.Length > 50, $"only {expressions.Length} expressions");
        var found = new Dictionary<Expression, Sample>();
        var raised = new HashSet<string>(StringComparer.Ordinal);
        string Missing() =>
            string.Join('\n', expressions
                .Where(expression => !found.ContainsKey(expression))
                .Select(static expression => $"{expression.Origin}: {expression.Text}")
            .Concat(rules.Where(rule => !raised.Contains(rule.Alert)).Select(static rule => $"the alert {rule.Alert}")));
        try
        {
            await Eventually.TrueAsync(
                "every expression has a value and every alert is pending or fires",
                async () =>
                {
                    await traffic();
                    foreach (var expression in expressions.Where(expression => !found.ContainsKey(expression)))
                    {
                        if ((await prometheus.QueryAsync(expression.Text))
                            .Where(sample => double.IsFinite(sample.Value) && (sample.Value > 0 || MayBeZero(expression)))
                            .MaxBy(static sample => sample.Value) is { } sample)
                        {
                            found.Add(expression, sample);
                        }
                    }

                    raised.UnionWith(
                        (await prometheus.RulesAsync()).Where(static rule => rule.State is "pending" or "firing").Select(static rule => rule.Alert));
                    return Missing().Length == 0;
                },
                Patience);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"Nothing in {Patience} for:\n{Missing()}");
        }

        foreach (var (origin, series, label) in Expression.Lists())
        {
            Assert.True((await prometheus.LabelValuesAsync(series, label)).Count > 0, $"{origin} offers nothing: {series}, {label}");
        }

        await WriteAsync(expressions.Select(expression => (expression, found[expression])));
    }

    /// <summary>Zero is what a figure of nothing is as well, unless the expression asks for it.</summary>
    private static bool MayBeZero(Expression expression) => expression.Text.Contains("== 0", StringComparison.Ordinal);

    private static async Task WriteAsync(IEnumerable<(Expression Expression, Sample Sample)> found)
    {
        var file = Path.Combine(Directory.CreateDirectory(Repository.PathOf("artifacts")).FullName, "expressions.md");
        await File.WriteAllLinesAsync(file,
        [
            "| where | expression | greatest value | of |", "|---|---|---|---|",
            .. found.Select(static line => string.Create(
                CultureInfo.InvariantCulture,
                $"| {line.Expression.Origin} | "
                + $"`{OneLine(line.Expression.Text)}` | {line.Sample.Value:0.######} | {line.Sample.Labels} |")),
        ]);
    }

    /// <summary>
    /// One with everything: two servers that are not there beside those that are, a collector that is not there, clients that are not admitted.
    /// </summary>
    private Task<GatewayProcess> BusyAsync() => StartGatewayAsync(Setup with
    {
        Smtp = [Backends.Postfix.SubmissionPort, Ports.Next()],
        SmtpHealth = "{ interval: 1s, unhealthyAfter: 1 }",
        Imap = [Backends.Dovecot.ImapPort, Ports.Next()],

        // Found by sessions alone, and forgotten at once.
        ImapHealth = "{ interval: 0s, ejectFor: 1s }",
        TrustedNetworks = Traffic.Balancer,
        Arguments =
        [
            "--set", "native.loops=1", "--set", "inventory.path=broken.db", "--set", "inventory.buffer=16", "--set", "inventory.flushEvery=10m",
            "--set", $"admission.deny.0={Traffic.RefusedClient}",
            "--set", $"telemetry.otlpEndpoint=http://127.0.0.1:{Ports.Next()}", "--set", "telemetry.traces.sampleRatio=1",
            "--set", $"listeners.1.routes.0.names.0={Traffic.UnservedName}", "--set", "listeners.1.routes.0.backend=nobody",
            "--set", "backends.3.name=nobody", "--set", "backends.3.kind=dovecot", "--set", $"backends.3.destinations.0=127.0.0.1:{Ports.Next()}",
        ],
    });

    /// <summary>One at its limits: of connections, of a group with little memory, of its certificate; and a backend is gone.</summary>
    private async Task<GatewayProcess> FullAsync(ControlGroup group)
    {
        var gateway = await StartGatewayAsync(
            Setup with
            {
                Smtp = [Ports.Next()],
                SmtpHealth = "{ interval: 1s, unhealthyAfter: 1 }",
                DrainDelay = "1h",
                Arguments = ["--set", "limits.connections=2", "--set", "limits.memory=100%"],
                Launcher = _ => group.Launcher,
            },
            static gateway => ExpiringCertificate(gateway.RsaFolder));
        var resident = Regex.Match(await gateway.GetAsync("/metrics"), @"(?m)^dotnet_process_memory_working_set_bytes(?:\{[^}]*\})? (\d+)");
        group.Allow(long.Parse(resident.Groups[1].Value, CultureInfo.InvariantCulture) * 11 / 10);
        return gateway;
    }

    /// <summary>
    /// One that nobody comes to any more, with more destinations than there may be series, a renewal that it cannot take over, and a revocation list
    /// that is soon over.
    /// </summary>
    private async Task<GatewayProcess> QuietAsync(EndingRevocationList list)
    {
        var gateway = await StartGatewayAsync(
            Setup with
            {
                Imap = [.. Enumerable.Range(40_000, ManyDestinations)],
                ImapHealth = "{ interval: 0s }",
                ClientCertificates = list.Setting,
                Arguments = ["--set", "tls.checkInterval=1s"]
            });
        await File.WriteAllTextAsync(Path.Combine(gateway.RsaFolder, "fullchain.pem"), "no certificate");
        return gateway;
    }

    private async Task<Session> IdleAsync(GatewayProcess gateway)
    {
        var user = Backends.NewUser();
        var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync($"a LOGIN {user.Name} {user.Password}", "a OK");
        await session.AskAsync("b IDLE", "+ ");
        return session;
    }

    /// <summary>
    /// A machine short of processors: the loop, busy with clients that distrust it, is stopped again and again for longer than it may take.
    /// </summary>
    private static async Task StallAsync(GatewayProcess gateway, Traffic traffic)
    {
        using var ends = new CancellationTokenSource(Patience);
        var clients = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!ends.IsCancellationRequested)
            {
                await traffic.DistrustingAsync();
            }
        })).ToArray();
        var before = await StalledAsync(gateway);
        while (await StalledAsync(gateway) < before + Stalls)
        {
            Assert.False(ends.IsCancellationRequested, $"not {Stalls} stalls");
            for (var i = 0; i < 10; i++)
            {
                gateway.Process.Signal(UnixSignal.Stop);
                await Task.Delay(60);
                gateway.Process.Signal(UnixSignal.Continue);
                await Task.Delay(15);
            }
        }

        await ends.CancelAsync();
        await Task.WhenAll(clients);
    }

    private static async Task<long> StalledAsync(GatewayProcess gateway) => (await gateway.GetAsync("/metrics")).Split('\n')
        .Where(static line => line.StartsWith("tlsfront_loop_stalls_total{", StringComparison.Ordinal))
        .Sum(static line => long.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>What becomes no database in the middle of the test.</summary>
    private static string BrokenInventory(GatewayProcess gateway) =>
        Path.Combine(Path.GetDirectoryName(gateway.ConfigurationFile)!, "broken.db");

    private static void ExpiringCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={GatewayProcess.Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-80), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static string OneLine(string expression) =>
        string.Join(' ', expression.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
}
