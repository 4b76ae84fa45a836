using System.Collections.Concurrent;
using System.Collections.Immutable;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// An <c>SSL_CTX</c> for each certificate under each policy. Those of a certificate that was replaced are given back when another one is first
/// used, and not when the garbage collector comes by: it does not see the memory they take. Connections hold a reference of their own.
/// </summary>
internal sealed class TlsContextCache(TicketKeys tickets, NativeObjects objects) : IDisposable
{
    private readonly ConcurrentDictionary<(LoadedCertificate Certificate, TlsParameters Parameters, bool IsByName), SslContext> _contexts = new();
    private readonly Lock _lock = new();
    private List<SslContext> _replaced = [];

    /// <summary>The context to serve a client from. The first use of a certificate takes some milliseconds.</summary>
    /// <param name="selection">The policy's verdict, not a refusal.</param>
    /// <param name="current">All certificates that may be presented from now on.</param>
    public SslContext Get(TlsSelection selection, ImmutableArray<LoadedCertificate> current)
    {
        var (certificate, parameters) = (selection.Certificate!, selection.Parameters!);
        var key = (certificate, parameters, selection.IsByName);
        if (_contexts.TryGetValue(key, out var context))
        {
            return context;
        }

        lock (_lock)
        {
            if (!_contexts.TryGetValue(key, out context))
            {
                DropReplaced(current);
                context = new SslContext(parameters, certificate, selection.IsByName, tickets, objects);
                _contexts[key] = context;
            }

            return context;
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
