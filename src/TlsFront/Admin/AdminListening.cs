using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TlsFront.Handover;

namespace TlsFront.Admin;

/// <summary>Bounds of the admin endpoint: it serves few, small and quick requests.</summary>
internal static class AdminListening
{
    /// <summary>Connections at once of each endpoint; a scraper or a command needs one.</summary>
    private const int MaximumConnections = 64;

    /// <summary>Bounds what a request may consist of and how long its head may take.</summary>
    public static void LimitAdmin(this KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = 4 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 50;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }

    /// <summary>Serves the admin endpoint there.</summary>
    /// <param name="endpoint">TCP or the Unix socket.</param>
    /// <param name="isLocal">Whether it is the socket, whose clients the kernel admits.</param>
    public static void UseAdmin(this ListenOptions endpoint, bool isLocal)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        var ended = endpoint.ApplicationServices.GetRequiredService<Succession>().Ended;
        var count = 0;
        endpoint.Use(next => async context =>
        {
            try
            {
                if (Interlocked.Increment(ref count) > MaximumConnections)
                {
                    return;
                }

                if (isLocal)
                {
                    context.Features.Set(LocalPeer.Instance);
                }

                // A client that keeps its connection alive, such as a scraper, must reach the next process.
                await using var registration = ended.UnsafeRegister(
                    static state => ((IConnectionLifetimeNotificationFeature)state!).RequestClose(),
                    context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>());
                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref count);
            }
        });
    }
}
