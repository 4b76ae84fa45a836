using System.Collections.Concurrent;
using System.Collections.Immutable;
using TlsFront.Tls;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// An <c>SSL_CTX</c> for each certificate under each policy. Those of a certificate that was replaced are given back when another one is first
/// used, and not when the garbage collector comes by: it does not see the memory they take. Connections hold a reference of their own.
/// </summary>
internal sealed class TlsContextCache(TicketKeys tickets, NativeObjects objects) : IDisposable
{
    private readonly ConcurrentDictionary<(LoadedCertificate Certificate, TlsParameters Parameters), SslContext> _contexts = new();
    private readonly Lock _lock = new();
    private List<SslContext> _replaced = [];

    /// <summary>The context to serve a client from. The first use of a certificate takes some milliseconds.</summary>
    /// <param name="parameters">Terms of the policy.</param>
    /// <param name="certificate">The certificate to present.</param>
    /// <param name="current">All that may be presented from now on.</param>
    public SslContextHandle Get(TlsParameters parameters, LoadedCertificate certificate, ImmutableArray<LoadedCertificate> current)
    {
        if (_contexts.TryGetValue((certificate, parameters), out var context))
        {
            return context.Handle;
        }

        lock (_lock)
        {
            if (!_contexts.TryGetValue((certificate, parameters), out context))
            {
                DropReplaced(current);
                context = new SslContext(parameters, certificate, tickets, objects);
                _contexts[(certificate, parameters)] = context;
            }

            return context.Handle;
        }
    }

    public void Dispose()
    {
        foreach (var context in _contexts.Values.Concat(_replaced))
        {
            context.Dispose();
        }
    }

    private void DropReplaced(ImmutableArray<LoadedCertificate> current)
    {
        var replaced = _contexts.Where(entry => !current.Contains(entry.Key.Certificate)).ToList();
        if (replaced.Count == 0)
        {
            return;
        }

        // One renewal later: a loop that took one of them out just now is about to make a connection from it.
        _replaced.ForEach(static context => context.Dispose());
        _replaced = [.. replaced.Select(static entry => entry.Value)];
        replaced.ForEach(entry => _contexts.TryRemove(entry));
    }
}
