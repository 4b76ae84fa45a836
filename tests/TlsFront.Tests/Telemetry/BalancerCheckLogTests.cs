using Microsoft.Extensions.Logging;
using TlsFront.Connections;

namespace TlsFront.Tests.Telemetry;

public sealed class BalancerCheckLogTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_balancer_that_looks_every_few_seconds_has_a_line_at_once_and_then_one_an_hour()
    {
        for (var i = 0; i < 20; i++)
        {
            await CheckAsync(CloseReason.ClientClosed);
        }

        Assert.Equal(["imaps balancer check count=1 seconds=0 last=203.0.113.5:51000"], Lines());
        _rig.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Single(Lines());
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("imaps balancer check count=19 seconds=3600 last=203.0.113.5:51000", Lines()[1]);
        Assert.All(_rig.AccessLog, record => Assert.Equal(LogLevel.Information, record.Level));
    }

    [Theory]
    [InlineData(CloseReason.ClientClosed)]
    [InlineData(CloseReason.ClientReset)]
    [InlineData(CloseReason.QueueClientLeft)]
    public async Task A_check_is_counted_as_one_and_as_nothing_else(object reason)
    {
        using var checks = _rig.Collect<long>("tlsfront.balancer_checks");
        using var ends = _rig.Collect<double>("tlsfront.connection.duration");
        await CheckAsync((CloseReason)reason);

        Assert.Equal("imaps", checks.GetMeasurementSnapshot().Single().Tags["tlsfront.listener"]);
        Assert.Empty(ends.GetMeasurementSnapshot());
        Assert.Empty(_rig.Recent.Failures());
        Assert.Empty(_rig.Recent.Ended());
    }

    [Fact]
    public async Task A_check_that_leaves_within_the_handshake_is_no_failed_one()
    {
        using var checks = _rig.Collect<long>("tlsfront.balancer_checks");
        using var handshakes = _rig.Collect<double>("tlsfront.tls.handshake.duration");
        await _rig.RunAsync(record =>
        {
            record.Unannounced();
            record.HandshakeFailed(CloseReason.TlsClientLeft, "client closed the connection without a byte", TimeSpan.Zero);
        });

        Assert.Single(checks.GetMeasurementSnapshot());
        Assert.Empty(handshakes.GetMeasurementSnapshot());
        Assert.Equal(0, _rig.Recent.Handshakes().FailedTotal);
        Assert.Contains(" balancer check ", _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_balancer_whose_handshake_fails_is_told_like_any_client()
    {
        using var handshakes = _rig.Collect<double>("tlsfront.tls.handshake.duration");
        await _rig.RunAsync(record =>
        {
            record.Unannounced();
            record.HandshakeFailed(CloseReason.TlsVersionTooOld, null, TimeSpan.Zero);
        });

        Assert.Single(handshakes.GetMeasurementSnapshot());
        Assert.Contains(" end tls_version_too_old ", _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_said_something_is_a_client_and_so_is_whoever_was_announced()
    {
        await _rig.RunAsync(record =>
        {
            record.Unannounced();
            record.HasSpoken = true;
            record.Close(CloseReason.ClientClosed);
        });
        await _rig.RunAsync(record => record.Close(CloseReason.ClientClosed));

        Assert.All(Lines(), line => Assert.Contains(" end client_closed ", line, StringComparison.Ordinal));
    }

    private IReadOnlyList<string> Lines() => [.. _rig.AccessLog.Select(record => record.Message)];

    private Task CheckAsync(CloseReason reason) => _rig.RunAsync(record =>
    {
        record.Unannounced();
        record.Close(reason);
    });
}
