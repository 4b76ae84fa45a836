using System.Runtime.InteropServices;

namespace TlsFront.Configuration;

/// <summary>Reloads the settings on SIGHUP, as long as the gateway runs.</summary>
internal sealed class ReloadSignal(IReloadHandler handler) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            handler.Reload();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}
