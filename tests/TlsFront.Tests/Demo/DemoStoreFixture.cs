using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Demo;

namespace TlsFront.Tests.Demo;

/// <summary>A running demo store of a test's own, with a clock that stands still; a bug in a session fails the test.</summary>
internal sealed class DemoStoreFixture : IAsyncDisposable
{
    private readonly FakeLogger _logger = new();

    public DemoStoreFixture(MailStoreLimits? limits = null)
    {
        Store = new(Time, limits);
        Servers = new(Store, Time, _logger);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public MailStore Store { get; }

    public DemoMailServers Servers { get; }

    public async ValueTask DisposeAsync()
    {
        await Servers.DisposeAsync();
        Assert.Empty(_logger.Collector.GetSnapshot());
    }
}
