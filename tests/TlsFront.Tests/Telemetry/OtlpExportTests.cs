using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Export;

namespace TlsFront.Tests.Telemetry;

[Collection(ExporterCollection.Name)]
public sealed class OtlpExportTests
{
    [Theory]
    [InlineData("/otlp")]
    [InlineData("/otlp/")]
    public async Task Metrics_are_pushed_to_the_endpoint_as_OTLP_over_HTTP_puts_them_there(string path)
    {
        var received = new TaskCompletionSource<(string Path, string? Type, byte[] Body)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.TrySetResult((context.Request.Path, context.Request.ContentType, body.ToArray()));
        });
        await collector.StartAsync();
        var address = collector.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

        var services = new ServiceCollection();
        services.AddLogging().AddMetrics();
        services.AddTlsFrontTelemetry(new TelemetrySettings(new Uri(address + path)));
        await using var provider = services.BuildServiceProvider();
        var meters = provider.GetRequiredService<MeterProvider>();
        provider.GetRequiredService<TlsFrontMetrics>().Reloaded(succeeded: true);
        await Task.Run(() => meters.ForceFlush());

        var (requested, type, content) = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("/otlp/v1/metrics", requested);
        Assert.Equal("application/x-protobuf", type);
        Assert.True(content.AsSpan().IndexOf("tlsfront.config.reloads"u8) >= 0);
        Assert.True(content.AsSpan().IndexOf("service.name"u8) >= 0);
    }
}
