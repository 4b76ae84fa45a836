using System.Globalization;
using System.Text.RegularExpressions;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Faults;

/// <summary>
/// Three Postfix and three Dovecot behind a gateway, at work for a crowd of clients, half of whom hand in messages and half read mail.
/// </summary>
internal sealed class FaultyService : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _processes = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Ledger _ledger = new();
    private readonly List<MailUser> _recipients = [];
    private Client[] _crowd = [];
    private Task[] _clients = [];
    private GatewayProcess? _gateway;

    private FaultyService()
    {
    }

    /// <summary>The servers behind 465.</summary>
    public IReadOnlyList<Server> Submission { get; private set; } = [];

    /// <summary>The servers behind 993.</summary>
    public IReadOnlyList<Server> Access { get; private set; } = [];

    public IEnumerable<Server> Servers => Submission.Concat(Access);

    /// <summary>Everybody who was let in.</summary>
    public IReadOnlyList<Client> Crowd => _crowd;

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("It was not started.");

    /// <summary>What clients experienced.</summary>
    public Experience Experience { get; } = new();

    /// <summary>Messages acknowledged so far.</summary>
    public int Acknowledged => _ledger.Acknowledged;

    /// <summary>Logged-in sessions now.</summary>
    public int Sessions => Servers.Sum(server => server.Sessions);

    /// <summary>Starts the servers and the gateway, with this <c>health</c> for both backends.</summary>
    /// <param name="backends">What they share.</param>
    /// <param name="health">When a server is left alone.</param>
    /// <param name="link">What the gateway reaches a server through: the port it is to connect to, by the server's own.</param>
    public static async Task<FaultyService> StartAsync(MailBackends backends, string health, Func<int, int>? link = null)
    {
        var service = new FaultyService();
        try
        {
            await service.StartServersAsync(backends, link ?? (static port => port));
            service._gateway = await GatewayProcess.StartAsync(new GatewaySetup
            {
                Smtp = [.. service.Submission.Select(Port)],
                Imap = [.. service.Access.Select(Port)],
                Pop3 = [backends.Dovecot.Pop3Port],
                SmtpHealth = health,
                ImapHealth = health,
            });
            service._processes.Add(service._gateway);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        static int Port(Server server) => int.Parse(server.Destination.Split(':')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Lets a crowd in, and waits until all have logged in; <paramref name="pace"/> is the pause between two things a client does.</summary>
    public async Task WorkAsync(MailBackends backends, int count, TimeSpan pace)
    {
        _recipients.AddRange(Enumerable.Range(0, count / 2).Select(_ => backends.NewUser()));
        var readers = Enumerable.Range(0, 10).Select(_ => backends.NewUser()).ToArray();
        _crowd =
        [
            .. _recipients.Select(user => new Submitter(this, _ledger, user, pace)),
            .. Enumerable.Range(0, count - _recipients.Count).Select(number => new Reader(this, readers[number % readers.Length], pace)),
        ];
        _clients = [.. _crowd.Select(client => client.RunAsync(_end.Token))];
        await EverybodyAsync();
    }

    /// <summary>Waits until every client is logged in somewhere.</summary>
    public Task EverybodyAsync() => Eventually.TrueAsync("everybody is logged in", () => Sessions == _clients.Length, TimeSpan.FromMinutes(2));

    /// <summary>Waits until each of these has done so many things more.</summary>
    public static Task WorkOnAsync(string who, IReadOnlyCollection<Client> clients, int things)
    {
        var goals = clients.Select(client => (Client: client, Goal: client.Done + things)).ToList();
        return Eventually.TrueAsync($"{who} work on", () => goals.TrueForAll(goal => goal.Client.Done >= goal.Goal), TimeSpan.FromMinutes(2));
    }

    /// <summary>Somebody new for both protocols, who leaves when greeted; the servers that greeted.</summary>
    public async Task<IReadOnlyList<Server>> VisitAsync() =>
        await Task.WhenAll(VisitAsync(Gateway.Ports.Smtp, "QUIT"), VisitAsync(Gateway.Ports.Imap, "a LOGOUT"));

    /// <summary>Waits until the gateway has no connection of a client and no session of a server any more.</summary>
    public Task EmptyAsync() => Eventually.TrueAsync(
        "the gateway is empty",
        async () =>
            !Regex.IsMatch(
                await Gateway.GetAsync("/metrics"),
                @"(?m)^tlsfront_(active_connections|backend_active_sessions|backend_queued_sessions|native_objects\{[^}]*""ssl"")\S* [1-9]"));

    /// <summary>Waits until the gateway gives a server sessions again.</summary>
    public Task AvailableAsync(Server server) => Eventually.TrueAsync(
        $"{server.Name} gets sessions",
        async () =>
            Regex.IsMatch(
                await Gateway.GetAsync("/metrics"), $"(?m)^tlsfront_backend_available{{[^}}]*{Regex.Escape(server.Destination)}\"[^}}]*}} 1\\b"),
        TimeSpan.FromMinutes(2));

    /// <summary>Waits until the gateway tells something of a server, once more than <paramref name="before"/>.</summary>
    public Task ToldAsync(Server server, string words, int before) =>
        Eventually.TrueAsync($"the gateway tells that {server.Name} {words}", () => Told(server, words) > before, TimeSpan.FromMinutes(1));

    /// <summary>How often the gateway told it.</summary>
    public int Told(Server server, string words) => Gateway.Process.Lines.Count(line =>
        line.Contains(words, StringComparison.Ordinal) && line.Contains(server.Destination, StringComparison.Ordinal));

    /// <summary>Lets everybody finish and counts the messages.</summary>
    public async Task<Deliveries> EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        return await _ledger.DeliveredAsync(_recipients);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        _end.Dispose();
    }

    private async Task<Server> VisitAsync(int port, string goodbye)
    {
        using var client = await MailClient.ConnectAsync(Gateway, port);
        var greeting = await client.LineAsync();
        await client.SendAsync(goodbye);
        return Servers.Single(server => greeting.Contains(server.Name, StringComparison.Ordinal));
    }

    private async Task StartServersAsync(MailBackends backends, Func<int, int> link)
    {
        var (submission, access) = (new List<Server>(), new List<Server>());
        var run = Guid.NewGuid().ToString("N")[..6];
        foreach (var letter in "abc")
        {
            var (smtp, imap) = ($"postfix-{run}-{letter}", $"dovecot-{run}-{letter}");
            var postfix = await backends.StartPostfixAsync(smtp);
            _processes.Add(postfix);
            submission.Add(
                new Server(smtp, link(postfix.SubmissionPort), postfix.KillAsync, postfix.StartAgainAsync, postfix.Stop, postfix.Continue));
            var dovecot = await backends.StartDovecotAsync(imap);
            _processes.Add(dovecot);
            access.Add(new Server(imap, link(dovecot.ImapPort), dovecot.KillAsync, dovecot.StartAgainAsync, dovecot.Stop, dovecot.Continue));
        }

        (Submission, Access) = (submission, access);
    }
}
