using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TlsFront.Admin;

/// <summary>The bound Unix socket; its file goes with it.</summary>
internal sealed class AdminSocketListener(IConnectionListener inner, string path) : IConnectionListener
{
    private bool _removed;

    public EndPoint EndPoint => inner.EndPoint;

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        // Once, and before the socket closes: the file might be another gateway's afterwards.
        if (!_removed)
        {
            _removed = true;
            File.Delete(path);
        }

        await inner.UnbindAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await inner.DisposeAsync();
    }
}
