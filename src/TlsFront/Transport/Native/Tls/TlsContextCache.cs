using System.Runtime.CompilerServices;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// An <c>SSL_CTX</c> for each certificate under each policy. They are weakly keyed: the contexts of a certificate that a reload replaced go with it.
/// </summary>
internal sealed class TlsContextCache(TicketKeys tickets, NativeObjects objects) : IDisposable
{
    private readonly ConditionalWeakTable<LoadedCertificate, ConditionalWeakTable<TlsParameters, SslContext>> _contexts = [];
    private readonly Lock _lock = new();

    /// <summary>The context to serve a client from. The first use of a certificate takes some milliseconds.</summary>
    public SslContextHandle Get(TlsParameters parameters, LoadedCertificate certificate)
    {
        if (_contexts.TryGetValue(certificate, out var byPolicy) && byPolicy.TryGetValue(parameters, out var context))
        {
            return context.Handle;
        }

        lock (_lock)
        {
            byPolicy = _contexts.GetOrCreateValue(certificate);
            if (!byPolicy.TryGetValue(parameters, out context))
            {
                context = new SslContext(parameters, certificate, tickets, objects);
                byPolicy.Add(parameters, context);
            }

            return context.Handle;
        }
    }

    public void Dispose()
    {
        foreach (var (_, byPolicy) in _contexts)
        {
            foreach (var (_, context) in byPolicy)
            {
                context.Dispose();
            }
        }
    }
}
