using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admin;
using TlsFront.Admin.Live;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admin.Live;

/// <summary>A watcher that does not take what it is sent.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
    private TestGateway _gateway = null!;
    private LiveFeed _feed = null!;
    private LiveStream _stream = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        var services = _gateway.Host.Services;
        _feed = services.GetRequiredService<LiveFeed>();
        _stream = new LiveStream(
            _feed, services.GetRequiredService<AdminToken>(), services.GetRequiredService<IHostApplicationLifetime>(), _time,
            NullLogger<LiveStream>.Instance);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task It_is_dropped_after_a_while_and_its_place_is_free()
    {
        var lifetime = new Lifetime();
        var streaming = _stream.InvokeAsync(Request(lifetime));
        await SentAsync();
        _time.Advance(LiveStream.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(streaming.IsCompleted);
        Assert.Equal(1, _feed.Watchers);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await streaming.WaitAsync(TestClient.Patience);
        Assert.True(lifetime.IsAborted);
        Assert.Equal(0, _feed.Watchers);
    }

    [Fact]
    public async Task It_may_leave_while_it_is_waited_for()
    {
        using var left = new CancellationTokenSource();
        var lifetime = new Lifetime { RequestAborted = left.Token };
        var streaming = _stream.InvokeAsync(Request(lifetime));
        await SentAsync();
        await left.CancelAsync();
        await streaming.WaitAsync(TestClient.Patience);
        Assert.False(lifetime.IsAborted);
        Assert.Equal(0, _feed.Watchers);
    }

    private DefaultHttpContext Request(Lifetime lifetime)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Features.Set<IHttpResponseBodyFeature>(new Body(_body.Writer));
        return context;
    }

    /// <summary>Something was sent, and nothing of it is taken.</summary>
    private async Task SentAsync()
    {
        var result = await _body.Reader.ReadAsync().AsTask().WaitAsync(TestClient.Patience);

        // What is examined counts as taken.
        _body.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
