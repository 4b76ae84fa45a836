using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TlsFront.SystemTests.Processes;

/// <summary>A small service over HTTP that says what it is told to, and keeps what it was asked.</summary>
public sealed class HttpService : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpService(WebApplication application) => _application = application;

    /// <summary>Where it is.</summary>
    public Uri Url => new(_application.Urls.Single());

    /// <summary>Target and content of each request, an octet of content a character.</summary>
    public ConcurrentQueue<(string Target, string Content)> Requests { get; } = [];

    /// <summary>Starts one.</summary>
    /// <param name="answer">Status and content of the answer to a request with that target.</param>
    public static async Task<HttpService> StartAsync(Func<string, (int Status, string Content)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var service = new HttpService(builder.Build());
        service._application.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            var target = $"{context.Request.Path}{context.Request.QueryString}";
            service.Requests.Enqueue((target, await reader.ReadToEndAsync()));
            (context.Response.StatusCode, var content) = answer(target);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(content);
        });
        await service._application.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
