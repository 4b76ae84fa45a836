using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Telemetry;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Tests.Functional;

/// <summary>What load balancers of trusted networks do for themselves, against limits that the second client would reach.</summary>
public sealed class BalancerCheckFunctionalTests
{
    private const string Local = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    private const int Checks = 20;

    private static readonly IPEndPoint LoadBalancer = IPEndPoint.Parse("10.0.0.1:4000");

    [Theory]
    [InlineData("", false)]
    [InlineData(Local, false)]
    [InlineData(Local, true)]
    [InlineData("PROXY UNKNOWN\r\n", true)]
    [InlineData("PROXY TCP4 10.0.0.1 10.0.0.2 4711 465\r\n", false)]
    public async Task Checks_use_up_no_rate_and_are_in_one_line_and_one_figure(string header, bool shakesHands)
    {
        await using var gateway = await StartAsync(static backend => backend.ReadToEndAsync());
        var meters = gateway.Host.Services.GetRequiredService<IMeterFactory>();
        using var checks = new MetricCollector<long>(meters, TlsFrontMetrics.MeterName, "tlsfront.balancer_checks");
        using var ends = new MetricCollector<double>(meters, TlsFrontMetrics.MeterName, "tlsfront.connection.duration");
        using var handshakes = new MetricCollector<double>(meters, TlsFrontMetrics.MeterName, "tlsfront.tls.handshake.duration");
        var recent = gateway.Host.Services.GetRequiredService<RecentActivity>();
        for (var i = 0; i < Checks; i++)
        {
            var pipe = await ConnectAsync(gateway, header);
            if (shakesHands)
            {
                await using var client = await TestClient.HandshakeAsync(pipe);
                await client.ExpectAsync("220 ready\r\n");
            }
            else
            {
                await pipe.Output.CompleteAsync();
                await new ScriptedPeer(pipe).ReadToEndAsync();
            }
        }

        await checks.WaitForMeasurementsAsync(Checks, TestClient.Patience);
        // A line is the last that is made of an end.
        await EventuallyAsync(() => recent.Sessions().Values.All(static count => count == 0) && Lines(gateway).Count > 0);
        Assert.Empty(ends.GetMeasurementSnapshot());
        Assert.DoesNotContain(handshakes.GetMeasurementSnapshot(), measurement => measurement.Tags.ContainsKey("error.type"));
        Assert.Equal(0, recent.Handshakes().FailedTotal);
        Assert.Empty(recent.Failures());
        Assert.Empty(recent.Ended());
        Assert.StartsWith("submissions balancer check count=1 seconds=0 last=10.0.0.1:", Assert.Single(Lines(gateway)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_announces_nobody_and_speaks_is_the_load_balancers_own()
    {
        await using var gateway = await StartAsync(static async backend =>
        {
            await backend.ExpectAsync("QUIT\r\n");
            await backend.SendAsync("221 bye\r\n");
        });
        for (var i = 0; i < 2; i++)
        {
            await using var client = await TestClient.HandshakeAsync(await ConnectAsync(gateway, Local));
            await client.ExpectAsync("220 ready\r\n");
            await client.SendAsync("QUIT\r\n");
            await client.ReadToEndAsync();
            Assert.Equal("completed", await gateway.Ends.NextAsync());
        }

        Assert.All(Lines(gateway), line => Assert.Contains(" client=10.0.0.1:4000 via=- ", line, StringComparison.Ordinal));
    }

    private static async Task<TestGateway> StartAsync(Func<ScriptedPeer, Task> serve)
    {
        var gateway = await TestGateway.StartAsync(
            settings => settings with
            {
                Limits = new LimitSettings
                {
                    ConnectionRate = new(1, TimeSpan.FromHours(1)),
                    HandshakeRate = new(1, TimeSpan.FromHours(1)),
                    ConnectionsPerClient = 1,
                },
                Listeners = [.. settings.Listeners.Select(listener =>
                    listener with { ProxyProtocol = new(NetworkSet.Of([IPNetwork.Parse("10.0.0.1/32")]), RefusesOthers: false) })],
            },
            services => services.AddLogging(logging => logging.AddFakeLogging()));
        gateway.Network.Serve("192.0.2.1:10465", async pipe =>
        {
            var backend = new ScriptedPeer(pipe);
            Assert.StartsWith("PROXY TCP4 10.0.0.1 ", await backend.ExpectAsync("\r\n"), StringComparison.Ordinal);
            await backend.SendAsync("220 ready\r\n");
            await serve(backend);
        });
        return gateway;
    }

    private static async Task<IDuplexPipe> ConnectAsync(TestGateway gateway, string header)
    {
        var pipe = await gateway.Network.ConnectClientAsync(gateway.Host.MailAddresses["submissions"], LoadBalancer);
        await pipe.Output.WriteAsync(Encoding.Latin1.GetBytes(header));
        return pipe;
    }

    private static async Task EventuallyAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!isSo())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private static IReadOnlyList<string> Lines(TestGateway gateway) => [.. gateway.Host.Services.GetFakeLogCollector().GetSnapshot()
        .Where(record => record.Category == "TlsFront.AccessLog").Select(record => record.Message)];
}
