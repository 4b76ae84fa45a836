using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Tests.Routing.Lookup;

namespace TlsFront.Tests.Functional;

/// <summary>A service that never gets to an answer: the client is kept for it neither for long nor often.</summary>
public sealed class LookupWaitTests
{
    [Theory]
    [InlineData("Auth-Wait: 3", 3, 10)]
    [InlineData("Auth-Wait: 29", 29, 3)]
    [InlineData("Auth-Wait: 600", 30, 3)]
    public async Task It_is_asked_ten_times_or_for_a_minute(string header, int pause, int requests)
    {
        var time = new NotingTime();
        await using var service = ScriptedService.Answering(_ => ScriptedService.Ok("Auth-Status: WAIT", header));
        await using var gateway = await TestGateway.StartAsync(
            settings => settings with
            {
                Listeners = [.. settings.Listeners.Select(listener => listener.Name != "imaps" ? listener : listener with
                {
                    Lookup = new LookupSettings { Url = service.Url, Timeout = TimeSpan.FromHours(1) },
                })],
            },
            services => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LookupGuide>(provider, (TimeProvider)time)),
            network => network.Serve("192.0.2.1:10143", static (IDuplexPipe _) => Task.CompletedTask));
        await using var client = await gateway.ConnectAsync("imaps");
        await client.ExpectAsync("\r\n");
        await client.SendAsync("a LOGIN bob secret\r\n");
        using var patience = new CancellationTokenSource(TestClient.Patience);
        for (var i = 1; i < requests; i++)
        {
            while (await time.Timers.ReadAsync(patience.Token) != TimeSpan.FromSeconds(pause))
            {
            }

            Assert.Equal(i, service.Requests.Count);
            time.Advance(TimeSpan.FromSeconds(pause));
        }

        Assert.StartsWith("* BYE [UNAVAILABLE] ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(CloseReason.LookupFailed.Tag(), await gateway.Ends.NextAsync());
        Assert.Equal(requests, service.Requests.Count);
    }

    /// <summary>Tells for how long is waited, once that can be shortened.</summary>
    private sealed class NotingTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

        public ChannelReader<TimeSpan> Timers => _timers.Reader;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
