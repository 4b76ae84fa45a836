using System.Net;
using TlsFront.Admin;
using TlsFront.Backends;
using TlsFront.Gateway;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Listeners.Upgrade;
using TlsFront.Telemetry;

namespace TlsFront.Listeners;

/// <summary>The process as operators see it and end it, by a signal or a command.</summary>
internal sealed class GatewayControl(
    MailListeners listeners, MailConnections connections, SessionRegistry sessions, Readiness readiness, DrainCoordinator coordinator,
    CertificateWatch watch, Evacuations evacuations, UpgradeCoordinator upgrade) : IGatewayControl, IDisposable
{
    private readonly CancellationTokenSource _drain = new();

    /// <summary>Set when the gateway is to drain and to end.</summary>
    public CancellationToken DrainRequested => _drain.Token;

    public IReadOnlyDictionary<string, EndPoint> Addresses => listeners.Bound;

    public int Connections => connections.Count;

    public int Sessions => sessions.Count;

    public DrainProgress? Progress => coordinator.Progress;

    public IEnumerable<(string Listener, string Certificate, bool IsServed)> Presented =>
        watch.Verdicts.Select(static verdict => (verdict.Listener, verdict.Certificate, verdict.IsServed));

    public IReadOnlyList<SessionStatus> Find(SessionFilter filter) =>
        [.. Matching(filter).Select(static session => SessionStatus.Of(session.Record)).OrderBy(static session => session.Started)];

    public IReadOnlyList<SessionStatus> End(SessionFilter filter)
    {
        var ended = new List<SessionStatus>();
        foreach (var session in Matching(filter))
        {
            ended.Add(SessionStatus.Of(session.Record));
            session.Drain();
        }

        return [.. ended.OrderBy(static session => session.Started)];
    }

    public void Evacuate(string backend, Destination destination, TimeSpan? over)
    {
        if (over is { } time)
        {
            evacuations.Begin(backend, destination, time);
        }
        else
        {
            evacuations.End(destination);
        }
    }

    public async Task<UpgradeStatus> UpgradeAsync()
    {
        var status = await upgrade.UpgradeAsync();
        Drain();
        return status;
    }

    public void Drain()
    {
        // At once, so that whoever asked is answered with what is true.
        readiness.Drain();
        _drain.Cancel();
    }

    public void Dispose() => _drain.Dispose();

    private IEnumerable<Session> Matching(SessionFilter filter) => sessions.Sessions.Where(session => filter.Matches(session.Record));
}
