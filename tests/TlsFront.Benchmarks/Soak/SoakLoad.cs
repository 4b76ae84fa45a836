using TlsFront.Benchmarks.Load;
using TlsFront.Benchmarks.Load.Clients;

namespace TlsFront.Benchmarks.Soak;

/// <summary>All kinds of clients at once, none of them as fast as it could be: a soak looks for what grows, not for speed.</summary>
/// <param name="gateway">What they load.</param>
/// <param name="isUpgraded">Whether upgrades are to find many sessions that last.</param>
internal sealed class SoakLoad(SoakedGateway gateway, bool isUpgraded) : IDisposable
{
    /// <summary>Idle sessions that live through all upgrades.</summary>
    public const int SessionsThroughUpgrades = 2_000;

    private const int StreamsThroughUpgrades = 20;

    /// <summary>Connections a second that come and go.</summary>
    private const int ChurnPerSecond = 50;

    private const int IdleSessions = 100;

    private readonly Target _transfers = new(gateway.Transfers, SoakedGateway.Name);
    private readonly Target _smtp = new(gateway.Smtp, SoakedGateway.Name);
    private readonly Target _imap = new(gateway.Imap, SoakedGateway.Name);
    private readonly byte[] _hello = CapturedHello.Take(SoakedGateway.Name);

    /// <summary>Works for <paramref name="duration"/>; what each kind of client did.</summary>
    public IReadOnlyList<(string Name, string Unit, LoadResult Result)> Run(TimeSpan duration)
    {
        var pace = new Pace(ChurnPerSecond);
        (string Name, string Unit, int Clients, TimeSpan Pause, Func<LoadJob> Create)[] kinds =
        [
            (
                "transfers, hashed at both ends", "octets", 2, TimeSpan.FromMilliseconds(250),
                () => new RenewedJob(() => new TransferJob(_transfers, 2_000_000), 10)),
            (
                "transfers to slow readers", "octets", 3, TimeSpan.FromMilliseconds(10),
                () => new RenewedJob(() => new TransferJob(_transfers, 3_000_000, TimeSpan.FromMilliseconds(20)), 3)),
            (
                "SMTP messages in open sessions", "messages", 3, TimeSpan.FromMilliseconds(50),
                () => new RenewedJob(() => new SmtpMessageJob(_smtp, received: true), 50)),
            ("SMTP submissions", "messages", 2, TimeSpan.FromMilliseconds(150), () => new SmtpSubmissionJob(_smtp, received: true)),
            ("IMAP NOOP", "commands", 3, TimeSpan.FromMilliseconds(20), () => new RenewedJob(() => new ImapJob(_imap, fetch: false), 100)),
            ("IMAP FETCH of 1 MB", "messages", 2, TimeSpan.FromMilliseconds(200), () => new RenewedJob(() => new ImapJob(_imap, fetch: true), 20)),
            (
                "idle IMAP sessions, opened anew", "sessions", IdleSessions, TimeSpan.FromSeconds(6),
                () => new RenewedJob(() => new ImapJob(_imap, fetch: false), 10)),
            ("connections that come and go", "connections", 16, TimeSpan.Zero, () => new ChurnJob(_transfers, _imap, _hello, pace)),
        ];
        if (isUpgraded)
        {
            kinds =
            [
                .. kinds,
                (
                    "idle IMAP sessions, never renewed", "commands", SessionsThroughUpgrades, TimeSpan.FromSeconds(20),
                    () => new ImapJob(_imap, fetch: false)),
                (
                    "IMAP FETCH in one session each", "messages", StreamsThroughUpgrades, TimeSpan.FromSeconds(1),
                    () => new ImapJob(_imap, fetch: true)),
            ];
        }

        var crowds = kinds.Select(kind => Task.Factory.StartNew(
            () => (kind.Name, kind.Unit, new Crowd(kind.Clients, duration, kind.Pause).Run(kind.Create)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(crowds);
        return [.. crowds.Select(crowd => crowd.Result)];
    }

    public void Dispose()
    {
        _transfers.Dispose();
        _smtp.Dispose();
        _imap.Dispose();
    }
}
