using TlsFront.Admission;
using TlsFront.Backends;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Routing;
using TlsFront.Telemetry;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Transport;

namespace TlsFront.Listeners;

/// <summary>Tells the metrics where to look for the figures that are read when they are collected.</summary>
internal sealed class ObservedFigures(
    TlsFrontMetrics metrics, CertificateStore certificates, CertificateWatch watch, ClientCertificateStore clients, ConnectionBudget budget,
    ListenerBudgets listeners, ProcessMemory memory, DestinationStates destinations, UserOverrides overrides, UserRouter router, Readiness readiness,
    TransportEngine engine)
{
    /// <summary>Begins to observe; once, when the gateway has started.</summary>
    public void Observe()
    {
        metrics.ObserveCertificates(() => certificates.Current.All
            .DistinctBy(static certificate => certificate.Source)
            .Select(static certificate => (certificate.Source, certificate.NotAfter)));
        metrics.ObserveServedCertificates(() => watch.Verdicts);
        metrics.ObserveRevocationLists(() => clients.RevocationEnds);
        metrics.ObserveMemoryLimit(() => memory.Now.Limit);
        metrics.ObserveConnectionLimit(() => budget.Limit, () => listeners.Limits);
        metrics.ObserveDestinations(destinations.All);
        metrics.ObserveQueues(destinations.Queues);
        metrics.ObserveHeldLogins(() => overrides.Waiting);
        metrics.ObserveUserMaps(() => router.Maps);
        metrics.ObserveDrain(() => readiness.IsDraining);
        metrics.ObserveTlsLibrary(engine.TlsLibrary);
        if (engine.Figures is { } figures)
        {
            metrics.ObserveLoops(() => figures.LoopStalls);
            metrics.ObserveNativeObjects(() => figures.NativeObjects);
        }
    }
}
