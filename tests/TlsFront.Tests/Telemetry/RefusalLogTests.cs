using Microsoft.Extensions.Logging;
using TlsFront.Connections;

namespace TlsFront.Tests.Telemetry;

public sealed class RefusalLogTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_first_is_told_at_once_and_a_flood_in_one_line_each_interval()
    {
        for (var i = 0; i < 10_000; i++)
        {
            await RefuseAsync(CloseReason.LimitConnectionRate, client: $"203.0.113.{i % 250}");
        }

        Assert.Equal(
            ["imaps refused limit_connection_rate count=1 seconds=0 last=203.0.113.0:51000 detail=client opens connections too fast"], Lines());
        Assert.Equal(LogLevel.Warning, _rig.AccessLog[0].Level);
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            "imaps refused limit_connection_rate count=9999 seconds=10 last=203.0.113.249:51000 detail=client opens connections too fast",
            Lines()[1]);
        await RefuseAsync(CloseReason.LimitConnectionRate);
        Assert.Equal(2, Lines().Count);
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(" count=1 seconds=10 ", Lines()[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_quiet_interval_the_next_is_news()
    {
        await RefuseAsync(CloseReason.Denied);
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        await RefuseAsync(CloseReason.Denied);
        Assert.Equal(2, Lines().Count);
        Assert.All(Lines(), line => Assert.Contains(" count=1 seconds=0 ", line, StringComparison.Ordinal));
        Assert.All(_rig.AccessLog, record => Assert.Equal(LogLevel.Information, record.Level));
    }

    [Fact]
    public async Task Listeners_and_reasons_have_lines_of_their_own()
    {
        await RefuseAsync(CloseReason.Denied);
        await RefuseAsync(CloseReason.LimitConnections);
        await RefuseAsync(CloseReason.Denied, "pop3s");
        Assert.Equal(
            ["imaps refused denied", "imaps refused limit_connections", "pop3s refused denied"],
            Lines().Select(line => line[..line.IndexOf(" count", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task What_was_not_told_yet_is_told_at_the_end()
    {
        await RefuseAsync(CloseReason.Denied);
        await RefuseAsync(CloseReason.Denied);
        _rig.Refusals.Dispose();
        Assert.Equal(2, Lines().Count);
    }

    [Fact]
    public async Task Metrics_count_every_one()
    {
        using var ends = _rig.Collect<double>("tlsfront.connection.duration");
        for (var i = 0; i < 100; i++)
        {
            await RefuseAsync(CloseReason.LimitClientConnections);
        }

        Assert.Equal(100, ends.GetMeasurementSnapshot().Count(measurement => "limit_client_connections".Equals(measurement.Tags["error.type"])));
    }

    private IReadOnlyList<string> Lines() => [.. _rig.AccessLog.Select(record => record.Message)];

    private Task RefuseAsync(CloseReason reason, string listener = "imaps", string client = "203.0.113.5") =>
        _rig.RunAsync(record => record.Close(reason), listener, client);
}
