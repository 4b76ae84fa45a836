using TlsFront.Connections;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Telemetry;

/// <summary>Turns what happens to connections and destinations into metrics, spans, access log lines and the figures of the live page.</summary>
internal sealed class ConnectionTelemetry(TlsFrontMetrics metrics, ConnectionSpans spans, AccessLog log, RecentActivity recent) : IConnectionEvents, IBackendEvents
{
    public void HeaderEnded(ConnectionRecord record, TimeSpan elapsed) => spans.HeaderEnded(record, elapsed);

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
        metrics.HandshakeEnded(record, failure, elapsed);
        spans.HandshakeEnded(record, failure, elapsed);
        recent.HandshakeEnded(record);
    }

    public void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed) =>
        spans.DestinationPicked(record, backend, destination, elapsed);

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
        metrics.BackendTried(backend, elapsed, failure);
        spans.BackendTried(record, backend, destination, elapsed, failure);
    }

    public void Greeted(ConnectionRecord record) => spans.Greeted(record);

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        metrics.LoginEnded(record, accepted);
        log.LoginEnded(record, accepted);
    }

    public void ProbeFailed(string backend, string destination, string failure) => metrics.ProbeFailed(backend, destination, failure);

    public void MessageEnded(ConnectionRecord record, bool accepted) => metrics.MessageEnded(record, accepted);
}
