using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;

namespace TlsFront.Admin.Live;

/// <summary>
/// <c>GET /api/v1/events</c>: the live page's documents as server-sent events, all of them at first and then those that change. One comes every
/// few seconds whatever happens, so a watcher that hears nothing knows that the connection is gone.
/// </summary>
internal sealed partial class LiveStream(
    LiveFeed feed, AdminToken token, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LiveStream> logger)
{
    /// <summary>Longest wait for a watcher to take what was sent to it; it can come again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/events", (RequestDelegate)InvokeAsync);

    /// <summary>Streams until the watcher leaves, is too slow or not trusted any more, or the process ends.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var isTrusted = AdminGuard.IsTrusted(context);
        using var watch = feed.TryWatch(isTrusted);
        if (watch is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await AdminGuard.RefuseAsync(
                context, StatusCodes.Status503ServiceUnavailable, $"{LiveFeed.MaximumWatchers} watch already; close one of the pages");
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";

        // For nginx, should it stand before this: it would keep events back until it has a buffer full of them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var closing = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, closing);
        try
        {
            for (var seen = 0L; ;)
            {
                var frame = watch.Frame;
                if (isTrusted && !IsStillTrusted(context))
                {
                    return;
                }

                Write(context.Response.BodyWriter, frame, seen);
                seen = frame.Number;
                if (!await FlushAsync(context.Response.BodyWriter, end.Token))
                {
                    Log.TooSlow(logger, Patience);
                    context.Abort();
                    return;
                }

                await frame.Next.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It left, or the process ends or was replaced; the page connects again by itself.
        }
    }

    private static void Write(PipeWriter output, LiveFrame frame, long seen)
    {
        foreach (var part in frame.Parts)
        {
            if (part.Number > seen)
            {
                Write(output, Encoding.ASCII.GetBytes($"event: {part.Name}\ndata: "));
                Write(output, part.Json);
                Write(output, "\n\n"u8);
            }
        }
    }

    /// <summary>
    /// Asks for room each time: where a chunk of the response is exactly full, Kestrel's writer has none to offer to who names no size, and the
    /// runtime's own extension takes that for an error.
    /// </summary>
    private static void Write(PipeWriter output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = output.GetSpan(sizeHint: 1);
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            output.Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>A token that was changed counts no more, in a stream that began with it either.</summary>
    private bool IsStillTrusted(HttpContext context) =>
        context.Features.Get<LocalPeer>() is not null || token.Matches(context.Request.Headers.Authorization, out _);

    /// <summary>Whether the watcher took it in time.</summary>
    private async ValueTask<bool> FlushAsync(PipeWriter output, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        try
        {
            // Not the token alone: once it is set, Kestrel ends the wait without an exception.
            return !(await output.FlushAsync(stop.Token)).IsCanceled && !patience.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !end.IsCancellationRequested)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            215, LogLevel.Information, "A watcher of the live page took nothing for {Patience} and was dropped", EventName = "WatcherDropped")]
        public static partial void TooSlow(ILogger logger, TimeSpan patience);
    }
}
