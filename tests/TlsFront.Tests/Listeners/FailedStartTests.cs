using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners;

/// <summary>A start that fails ends the background services that ran already, and tells of its reason alone.</summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task A_service_that_ends_with_it_is_not_called_a_failed_one()
    {
        using var log = new LogTap("BackgroundServiceStoppingHost", "BackgroundServiceFaulted");
        var certificates = TestCertificates.CreateFolder("mail.example.com");
        var settings = TestGateway.Settings(certificates);
        settings = settings with
        {
            Listeners = [.. settings.Listeners.Select(static listener => listener with { Address = new IPEndPoint(IPAddress.Loopback, 45_000) })],
        };
        var waiting = new WaitingService();
        var host = GatewayHost.Build(new SettingsStore(settings), configure: services => services
            .AddSingleton(new MemoryTransport().Engine)
            .AddSingleton<ILoggerProvider>(log)
            .Insert(0, ServiceDescriptor.Singleton<IHostedService>(_ => waiting)));
        await Assert.ThrowsAsync<GatewayStartException>(() => host.StartAsync(CancellationToken.None));
        await waiting.Waits.WaitAsync(TestClient.Patience);

        await host.DisposeAsync();

        // The host judges the end within this call.
        Assert.True(waiting.IsToldToEnd);
        waiting.End();
        Assert.Equal(0, log.Count);
        Directory.Delete(certificates, recursive: true);
    }

    private sealed class WaitingService : BackgroundService
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ends = new();
        private CancellationToken _stopping;

        public Task Waits => _waits.Task;

        public bool IsToldToEnd => _stopping.IsCancellationRequested;

        /// <summary>What the host waits for.</summary>
        public override Task ExecuteTask => _ends.Task;

        public void End() => _ends.SetCanceled(_stopping);

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            _stopping = stoppingToken;
            _waits.SetResult();
            return _ends.Task;
        }
    }
}
