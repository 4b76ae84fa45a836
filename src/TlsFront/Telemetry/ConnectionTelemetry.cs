using TlsFront.Connections;

namespace TlsFront.Telemetry;

/// <summary>Turns what happens to connections and destinations into metrics and access log lines.</summary>
internal sealed class ConnectionTelemetry(TlsFrontMetrics metrics, AccessLog log) : IConnectionEvents, IBackendEvents
{
    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed) => metrics.HandshakeEnded(record, failure, elapsed);

    public void BackendTried(ConnectionRecord record, string backend, TimeSpan elapsed, string? failure) => metrics.BackendTried(backend, elapsed, failure);

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        metrics.LoginEnded(record, accepted);
        log.LoginEnded(record, accepted);
    }

    public void ProbeFailed(string backend, string destination, string failure) => metrics.ProbeFailed(backend, destination, failure);

    public void MessageEnded(ConnectionRecord record, bool accepted) => metrics.MessageEnded(record, accepted);
}
