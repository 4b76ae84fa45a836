using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>
/// An <c>SSL_CTX</c> for each certificate under each policy, and for each content of its file of clients' authorities: it has their names, which
/// handshakes share. Those of a certificate or a file that was replaced are given back when another one is first used, and not when the garbage
/// collector comes by: it does not see the memory they take. Connections hold a reference of their own.
/// </summary>
internal sealed class TlsContextCache(TicketKeys tickets, NativeObjects objects) : IDisposable
{
    private readonly ConcurrentDictionary<Key, SslContext> _contexts = new();
    private readonly Lock _lock = new();
    private List<SslContext> _replaced = [];

    /// <summary>The context to serve a client from. The first use of a certificate takes some milliseconds.</summary>
    /// <param name="selection">The policy's verdict, not a refusal.</param>
    /// <param name="current">All certificates that may be presented from now on.</param>
    public SslContext Get(TlsSelection selection, ImmutableArray<LoadedCertificate> current)
    {
        var (certificate, parameters) = (selection.Certificate!, selection.Parameters!);
        var key = new Key(certificate, parameters, selection.IsByName, parameters.ClientCertificates?.Trusted);
        if (_contexts.TryGetValue(key, out var context))
        {
            return context;
        }

        lock (_lock)
        {
            if (!_contexts.TryGetValue(key, out context))
            {
                DropReplaced(current);
                context = new SslContext(parameters, certificate, selection.IsByName, tickets, objects, key.Authorities);
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
        var replaced = _contexts.Where(entry => IsReplaced(entry.Key, current)).ToList();
        if (replaced.Count == 0)
        {
            return;
        }

        // One renewal later: a loop that took one of them out just now is about to make a connection from it.
        _replaced.ForEach(static context => context.Dispose());
        _replaced = [.. replaced.Select(static entry => entry.Value)];
        replaced.ForEach(entry => _contexts.TryRemove(entry));
    }

    private static bool IsReplaced(Key key, ImmutableArray<LoadedCertificate> current) =>
        !current.Contains(key.Certificate) || key.Authorities != key.Parameters.ClientCertificates?.Trusted;

    /// <summary>Authorities are the same as long as their file is, and then the same object.</summary>
    private readonly record struct Key(
        LoadedCertificate Certificate, TlsParameters Parameters, bool IsByName, X509Certificate2Collection? Authorities);
}
