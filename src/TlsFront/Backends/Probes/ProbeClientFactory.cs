using Yarp.ReverseProxy.Forwarder;

namespace TlsFront.Backends.Probes;

/// <summary>Gives YARP's monitor a client that speaks mail in place of HTTP.</summary>
internal sealed class ProbeClientFactory(ProbeHandler probe) : ForwarderHttpClientFactory
{
    /// <summary>It looks settings up at each probe, so that no reload makes it stale.</summary>
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) => context.OldClient is not null;

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        handler.Dispose();
        return probe;
    }
}
