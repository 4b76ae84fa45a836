using TlsFront.Benchmarks.Load.Tls;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>One handshake and one small exchange, so that every proxy has connected to its backend, for each connection.</summary>
/// <param name="target">The proxy.</param>
/// <param name="resume">Whether to count resumed handshakes, and those alone.</param>
internal sealed class HandshakeJob(Target target, bool resume) : LoadJob
{
    private TlsSession? _session;

    /// <inheritdoc/>
    public override long Once()
    {
        using var wire = target.ConnectTls(_session);
        var resumed = wire.IsResumed;
        wire.Write(HttpRequest.Last);
        if (new WireReader(wire).SkipToEnd() < HttpRequest.BodyLength)
        {
            throw new LoadException("short answer");
        }

        if (resume && wire.TakeSession() is { } session)
        {
            _session?.Dispose();
            _session = session;
        }

        return resumed == resume ? 1 : 0;
    }

    public override void Dispose()
    {
        _session?.Dispose();
        base.Dispose();
    }
}
