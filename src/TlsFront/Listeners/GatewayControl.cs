using System.Net;
using TlsFront.Admin;
using TlsFront.Gateway;
using TlsFront.Telemetry;

namespace TlsFront.Listeners;

/// <summary>The process as operators see it and end it, by a signal or a command.</summary>
internal sealed class GatewayControl(MailListeners listeners, MailConnections connections, SessionRegistry sessions, Readiness readiness) : IGatewayControl, IDisposable
{
    private readonly CancellationTokenSource _drain = new();

    /// <summary>Set when the gateway is to drain and to end.</summary>
    public CancellationToken DrainRequested => _drain.Token;

    public IReadOnlyDictionary<string, EndPoint> Addresses => listeners.Bound;

    public int Connections => connections.Count;

    public int Sessions => sessions.Count;

    public void Drain()
    {
        // At once, so that whoever asked is answered with what is true.
        readiness.Drain();
        _drain.Cancel();
    }

    public void Dispose() => _drain.Dispose();
}
