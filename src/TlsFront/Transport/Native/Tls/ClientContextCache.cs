using System.Runtime.CompilerServices;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>An <c>SSL_CTX</c> for the parameters of each destination, weakly keyed: those of settings that a reload replaced go with them.</summary>
internal sealed class ClientContextCache(NativeObjects objects) : IDisposable
{
    private readonly ConditionalWeakTable<BackendTlsParameters, Task<SslClientContext>> _contexts = [];
    private readonly Lock _lock = new();

    /// <summary>The context to connect a destination with.</summary>
    public async ValueTask<SslContextHandle> GetAsync(BackendTlsParameters parameters, CancellationToken stop)
    {
        Task<SslClientContext>? context;
        lock (_lock)
        {
            if (!_contexts.TryGetValue(parameters, out context) || context.IsFaulted)
            {
                // Reads the system's authorities from disk, which takes milliseconds; who asks may be a loop, and a loop has no time.
                context = Task.Run(() => new SslClientContext(parameters, objects), CancellationToken.None);
                _contexts.AddOrUpdate(parameters, context);
            }
        }

        return (await context.WaitAsync(stop)).Handle;
    }

    public void Dispose()
    {
        foreach (var (_, context) in _contexts)
        {
            // One that is just being made is waited for, or it would be left behind.
            Task.WhenAny(context).GetAwaiter().GetResult();
            if (context.IsCompletedSuccessfully)
            {
                context.Result.Dispose();
            }
        }
    }
}
