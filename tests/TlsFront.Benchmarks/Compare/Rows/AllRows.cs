using TlsFront.Benchmarks.Compare.Proxies;
using TlsFront.Benchmarks.Load;

namespace TlsFront.Benchmarks.Compare.Rows;

/// <summary>The table, from top to bottom.</summary>
internal static class AllRows
{
    private const double Megabyte = 1e6;

    /// <summary>All rows; idle sessions up to <paramref name="maxSessions"/>.</summary>
    public static IReadOnlyList<Row> Create(int maxSessions) =>
    [
        new WorkRow("bulk-down", new("bulk download", "MB"), Route.Http, Megabyte, (proxy, duration) => Wrk(proxy, duration, 4, "/bulk", "bytes")),
        new WorkRow(
            "bulk-up", new("bulk upload", "MB"), Route.Upload, Megabyte,
            (proxy, duration) => Load(proxy, duration, Route.Upload, "upload", "--connections", "4")),
        new WorkRow("small", new("200-byte request and response", "exchanges"), Route.Http, 1, Small),
        new WorkRow("handshake-ecdsa", new("full handshake, ECDSA P-256", "handshakes"), Route.Http, 1, Handshakes),
        new WorkRow(
            "handshake-rsa", new("full handshake, RSA-2048", "handshakes"), Route.HttpRsa, 1,
            (proxy, duration) => Load(proxy, duration, Route.HttpRsa, "handshake")),
        new WorkRow(
            "handshake-resumed", new("resumed handshake", "handshakes"), Route.Http, 1,
            (proxy, duration) => Load(proxy, duration, Route.Http, "handshake", "--resume")),
        new IdleRow("idle", "idle memory at {0} sessions (less is better)", Route.Http, "handshake", [], Counts(maxSessions)),
        new IdleRow(
            "idle-held", "memory at {0} sessions of IMAP before the login (less is better)", Route.ImapHeld, "imap-login", ["--before-login"],
            Counts(maxSessions)),
        new WorkRow(
            "smtp-submission", new("SMTP submission of 10 kB, a session each (ratio to nginx)", "submissions", "nginx"), Route.Smtp, 1,
            (proxy, duration) => Smtp(proxy, duration, Route.Smtp, "smtp-submission")),
        new WorkRow(
            "smtp-submission-held", new("the same, held until the user is known (ratio to nginx)", "submissions", "nginx"), Route.SmtpHeld, 1,
            (proxy, duration) => Smtp(proxy, duration, Route.SmtpHeld, "smtp-submission")),
        new WorkRow(
            "smtp-message", new("SMTP message of 10 kB, open session (ratio to nginx)", "messages", "nginx"), Route.Smtp, 1,
            (proxy, duration) => Smtp(proxy, duration, Route.Smtp, "smtp-message")),
        new WorkRow(
            "imap-login", new("IMAP login, a session each (ratio to nginx)", "logins", "nginx"), Route.Imap, 1,
            (proxy, duration) => Load(proxy, duration, Route.Imap, "imap-login")),
        new WorkRow(
            "imap-login-held", new("the same, held until the user is known (ratio to nginx)", "logins", "nginx"), Route.ImapHeld, 1,
            (proxy, duration) => Load(proxy, duration, Route.ImapHeld, "imap-login")),
        new WorkRow(
            "imap-login-starttls", new("the same by STARTTLS (ratio to nginx)", "logins", "nginx"), Route.ImapStartTls, 1,
            (proxy, duration) => Load(proxy, duration, Route.ImapStartTls, "imap-login", "--starttls")),
        new WorkRow(
            "imap-noop", new("IMAP NOOP after login", "commands"), Route.Imap, 1,
            (proxy, duration) => Load(proxy, duration, Route.Imap, "imap-noop")),
        new WorkRow(
            "imap-fetch", new("IMAP FETCH of 1 MB", "fetches"), Route.Imap, 1,
            (proxy, duration) => Load(proxy, duration, Route.Imap, "imap-fetch", "--connections", "4")),
        new LatencyRow(),
        new GrowthRow("cores-small", "200-byte exchanges", Small),
        new GrowthRow("cores-handshake", "full handshakes", Handshakes),
    ];

    private static IReadOnlyList<int> Counts(int maxSessions) => [.. new[] { 2000, 9000 }.Select(count => Math.Min(count, maxSessions)).Distinct()];

    private static LoadResult Small(RunningProxy proxy, TimeSpan duration) => Wrk(proxy, duration, 32, "/small", "requests");

    private static LoadResult Handshakes(RunningProxy proxy, TimeSpan duration) => Load(proxy, duration, Route.Http, "handshake");

    private static LoadResult Smtp(RunningProxy proxy, TimeSpan duration, Route route, string job) =>
        Load(proxy, duration, route, [job, .. proxy.Product.InsertsReceived ? ["--received"] : Array.Empty<string>()]);

    private static LoadResult Load(RunningProxy proxy, TimeSpan duration, Route route, params string[] job) =>
        LoadGenerator.Run(proxy.Cores.Load, duration, [.. LoadGenerator.Command, .. job, .. proxy.Target(route)]);

    private static LoadResult Wrk(RunningProxy proxy, TimeSpan duration, int connections, string path, string work) =>
        LoadGenerator.RunWrk(proxy.Cores.Load, duration, connections, proxy.PortOf(Route.Http), path, work);
}
