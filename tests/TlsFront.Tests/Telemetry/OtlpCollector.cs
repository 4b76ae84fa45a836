using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Telemetry;

/// <summary>A collector on a real port that decodes what it gets, by OTLP over HTTP or gRPC, and can misbehave.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ends = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<OtlpItem> Spans { get; } = [];

    public ConcurrentQueue<OtlpItem> Logs { get; } = [];

    public ConcurrentDictionary<string, bool> Metrics { get; } = [];

    /// <summary>Paths asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Whether requests are answered with 503, or gRPC's status 14.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>Whether requests are taken and never answered.</summary>
    public bool IsSilent { get; set; }

    /// <param name="isGrpc">gRPC in clear HTTP/2, otherwise HTTP/1.1.</param>
    /// <param name="port">A port to take over from one that ended; 0 for any.</param>
    public static async Task<OtlpCollector> StartAsync(bool isGrpc = false, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new OtlpCollector(builder.Build());
        collector._app.Run(context => isGrpc ? collector.AnswerGrpcAsync(context) : collector.AnswerHttpAsync(context));
        await collector._app.StartAsync();
        collector.Address = new Uri(
            collector._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return collector;
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var patience = Task.Delay(TestClient.Patience);
        while (!condition())
        {
            Assert.False(patience.IsCompleted, "what was waited for did not come");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _app.DisposeAsync();
        _ends.Dispose();
    }

    private async Task AnswerHttpAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        if (await MisbehavesAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        Take(context.Request.Path.Value!.Split('/')[^1], body);
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task AnswerGrpcAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        context.Response.ContentType = "application/grpc";
        if (await MisbehavesAsync(context))
        {
            context.Response.Headers["grpc-status"] = "14";
            return;
        }

        // A flag for compression, the length, and the message.
        Assert.Equal(body.Length - 5, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
        Take(
            context.Request.Path.Value!.Contains("Trace", StringComparison.Ordinal) ? "traces"
                : context.Request.Path.Value!.Contains("Logs", StringComparison.Ordinal) ? "logs"
                : "metrics",
            body.AsMemory(5));
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue(context.Request.Path);
        return body.ToArray();
    }

    private async Task<bool> MisbehavesAsync(HttpContext context)
    {
        if (IsSilent)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token, context.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return IsUnavailable || IsSilent;
    }

    private void Take(string signal, ReadOnlyMemory<byte> message)
    {
        var request = new ProtobufFields(message);
        switch (signal)
        {
            case "traces":
                foreach (var span in OtlpItem.Spans(request))
                {
                    Spans.Enqueue(span);
                }

                break;
            case "logs":
                foreach (var record in OtlpItem.Logs(request))
                {
                    Logs.Enqueue(record);
                }

                break;
            default:
                foreach (var name in OtlpItem.Metrics(request))
                {
                    Metrics[name] = true;
                }

                break;
        }
    }
}
