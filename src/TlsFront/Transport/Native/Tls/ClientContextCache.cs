using System.Runtime.CompilerServices;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>An <c>SSL_CTX</c> for the terms of each destination, weakly keyed: those of settings that a reload replaced go with them.</summary>
internal sealed class ClientContextCache(NativeObjects objects) : IDisposable
{
    private readonly ConditionalWeakTable<BackendTerms, SslClientContext> _contexts = [];
    private readonly Lock _lock = new();

    /// <summary>The context to connect a destination with.</summary>
    public SslContextHandle Get(BackendTerms terms)
    {
        lock (_lock)
        {
            if (!_contexts.TryGetValue(terms, out var context))
            {
                _contexts.Add(terms, context = new SslClientContext(terms, objects));
            }

            return context.Handle;
        }
    }

    public void Dispose()
    {
        foreach (var (_, context) in _contexts)
        {
            context.Dispose();
        }
    }
}
