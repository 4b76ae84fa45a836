using TlsFront.Benchmarks.Load.Tls;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>
/// One handshake and one small exchange, so that every proxy has connected to its backend, for each connection. A ticket is used once, as mail
/// clients do: a proxy that gives none with a resumed handshake has a full one to do after it.
/// </summary>
/// <param name="target">The proxy.</param>
/// <param name="resume">Whether to count resumed handshakes, and those alone.</param>
internal sealed class HandshakeJob(Target target, bool resume) : LoadJob
{
    private TlsSession? _session;

    /// <inheritdoc/>
    public override long Once()
    {
        using var used = _session;
        _session = null;
        using var wire = target.ConnectTls(used);
        var resumed = wire.IsResumed;
        wire.Write(HttpRequest.Last);
        if (new WireReader(wire).SkipToEnd() < HttpRequest.BodyLength)
        {
            throw new LoadException("short answer");
        }

        if (resume)
        {
            _session = wire.TakeSession(used);
        }

        return resumed == resume ? 1 : 0;
    }

    public override void Dispose()
    {
        _session?.Dispose();
        base.Dispose();
    }
}
