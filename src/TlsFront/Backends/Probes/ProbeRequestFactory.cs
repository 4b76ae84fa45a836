using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace TlsFront.Backends.Probes;

/// <summary>Says what YARP's monitor is to probe.</summary>
internal sealed class ProbeRequestFactory : IProbingRequestFactory
{
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination) =>
        new ProbeRequest(cluster.Config.ClusterId, BackendConfigProvider.DestinationOf(destination.Config.Address));
}
