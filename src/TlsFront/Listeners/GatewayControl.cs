using System.Net;
using TlsFront.Admin;
using TlsFront.Gateway;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Telemetry;

namespace TlsFront.Listeners;

/// <summary>The process as operators see it and end it, by a signal or a command.</summary>
internal sealed class GatewayControl(
    MailListeners listeners, MailConnections connections, SessionRegistry sessions, Readiness readiness, DrainCoordinator coordinator, CertificateWatch watch) : IGatewayControl, IDisposable
{
    private readonly CancellationTokenSource _drain = new();

    /// <summary>Set when the gateway is to drain and to end.</summary>
    public CancellationToken DrainRequested => _drain.Token;

    public IReadOnlyDictionary<string, EndPoint> Addresses => listeners.Bound;

    public int Connections => connections.Count;

    public int Sessions => sessions.Count;

    public DrainProgress? Progress => coordinator.Progress;

    public IEnumerable<(string Listener, string Certificate, bool IsServed)> Presented => watch.Verdicts.Select(static verdict => (verdict.Listener, verdict.Certificate, verdict.IsServed));

    public void Drain()
    {
        // At once, so that whoever asked is answered with what is true.
        readiness.Drain();
        _drain.Cancel();
    }

    public void Dispose() => _drain.Dispose();
}
