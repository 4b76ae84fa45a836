
namespace TlsFront.Listeners;

/// <summary>A host lifetime without signals of its own: <see cref="GatewayHost"/> turns signals into drain and reload.</summary>
internal sealed class GatewayLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
