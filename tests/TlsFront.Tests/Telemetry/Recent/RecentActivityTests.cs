using TlsFront.Connections;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Tests.Telemetry.Recent;

/// <summary>What the live page shows of connections, from what happens to them.</summary>
public sealed class RecentActivityTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    private RecentActivity Recent => _rig.Recent;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_session_is_one_from_its_handshake_to_its_end()
    {
        // The first stage catches everything: asserted after it.
        var sessions = new List<int>();
        void Note() => sessions.Add(Recent.Sessions().GetValueOrDefault("imap", -1));
        await _rig.RunAsync(record =>
        {
            Note();
            record.Secured(TelemetryRig.Tls13(), TimeSpan.FromMilliseconds(2));
            Note();
        });
        Note();
        Assert.Equal([-1, 1, 0], sessions);
    }

    [Fact]
    public async Task Handshakes_are_counted_by_version_and_cipher_and_failures_apart()
    {
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13(), TimeSpan.Zero));
        await _rig.RunAsync(record => record.Secured(TelemetryRig.Tls13(), TimeSpan.Zero));
        await _rig.RunAsync(
            record => record.Secured(new TlsFacts(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", null, null), TimeSpan.Zero));
        await _rig.RunAsync(record => record.HandshakeFailed(CloseReason.TlsNoSharedCipher, null, TimeSpan.Zero));
        _rig.Time.Advance(RecentCounts.Step);

        var history = Recent.Handshakes();
        Assert.Equal(
            [(TlsVersion.Tls13, 2L, 2), (TlsVersion.Tls12, 1L, 1)],
            history.Succeeded.Select(series => (series.Version, series.Total, series.Counts[^1])));
        Assert.Equal((1, 1), (history.Failed[^1], history.Failed.Sum()));
        Assert.Equal([("X25519MLKEM768", 2L), (KeyExchangeGroups.Other, 1L)], history.Groups.Select(group => (group.Key, group.Value)));
        Assert.Equal(2, history.Resumed);
        Assert.Equal(_rig.Time.GetUtcNow(), history.End);
    }

    [Fact]
    public async Task Failures_leave_the_window_and_stay_in_the_total()
    {
        await _rig.RunAsync(record => record.HandshakeFailed(CloseReason.NotTls, null, TimeSpan.Zero));
        var at = _rig.Time.GetUtcNow();
        await _rig.RunAsync(record => record.Close(CloseReason.Completed));
        Assert.Equal(new RecentFailure(CloseReason.NotTls, 1, 1, at), Assert.Single(Recent.Failures()));
        _rig.Time.Advance(RecentCounts.Step * (RecentCounts.Steps + 1));
        Assert.Equal(new RecentFailure(CloseReason.NotTls, 0, 1, at), Assert.Single(Recent.Failures()));
    }

    [Fact]
    public async Task The_last_connections_are_remembered_and_no_more_of_them()
    {
        for (var client = 1; client <= RecentActivity.Connections + 5; client++)
        {
            await _rig.RunAsync(record => record.Close(CloseReason.ClientClosed), client: $"203.0.113.{client}");
        }

        var ended = Recent.Ended();
        Assert.Equal(RecentActivity.Connections, ended.Count);
        Assert.Equal($"203.0.113.{RecentActivity.Connections + 5}", ended[0].Client.Address.ToString());
        Assert.Equal("203.0.113.6", ended[^1].Client.Address.ToString());
    }

    [Fact]
    public async Task A_flood_of_refused_clients_is_counted_and_pushes_nobody_out()
    {
        await _rig.RunAsync(record => record.Close(CloseReason.ClientClosed));
        for (var client = 0; client < 1000; client++)
        {
            await _rig.RunAsync(record => record.Close(CloseReason.LimitConnectionRate));
        }

        Assert.Equal(CloseReason.ClientClosed, Assert.Single(Recent.Ended()).Reason);
        Assert.Equal(1000, Assert.Single(Recent.Failures()).Recent);
    }
}
