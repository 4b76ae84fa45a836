using System.Text.Json;
using System.Text.Json.Nodes;
using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Telemetry.Recent;

namespace TlsFront.Tests.Telemetry.Recent;

/// <summary>An upgrade does not empty the live page.</summary>
public sealed class RecentHandoverTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_next_process_shows_what_the_one_before_showed()
    {
        await HandshakeAsync();
        await _rig.RunAsync(record => record.HandshakeFailed(CloseReason.TlsNoSharedCipher, "offers none", TimeSpan.Zero));
        _rig.Time.Advance(7 * RecentCounts.Step);
        await HandshakeAsync();

        var next = Follow();

        Assert.Equal(_rig.Recent.Ended(), next.Ended());
        Assert.Equal(3, next.Ended().Count);
        Assert.Equal(_rig.Recent.Failures(), next.Failures());
        Assert.Equal(0, next.Sessions().Values.Sum());
        _rig.Time.Advance(RecentCounts.Step);
        Assert.Equivalent(_rig.Recent.Handshakes(), next.Handshakes());
        Assert.Equal([1, 1], next.Handshakes().Succeeded.Single().Counts.Where(static count => count > 0));
        Assert.Equal(1, next.Handshakes().Failed[^8]);
        Assert.Equal((LoginTransport.Implicit, 2), (next.Handshakes().Logins.Single().Transport, next.Handshakes().Logins.Single().Total));
        _rig.Time.Advance(RecentCounts.Steps * RecentCounts.Step);
        Assert.Equivalent(_rig.Recent.Handshakes(), next.Handshakes());
        Assert.Equal((0, 2), (next.Handshakes().Succeeded.Single().Counts.Sum(), next.Handshakes().Succeeded.Single().Total));
    }

    [Fact]
    public async Task A_process_that_counts_no_logins_hands_over_the_rest()
    {
        await HandshakeAsync();
        using var state = new StateWriter();
        _rig.Recent.Export(state);
        var written = new StateReader(state.Written);
        var older = JsonNode.Parse(written.ReadBytes())!.AsObject();
        Assert.True(older.Remove("Logins"));
        using var handed = new StateWriter();
        handed.Write(JsonSerializer.SerializeToUtf8Bytes(older));

        var next = new RecentActivity(_rig.Time);
        var reader = new StateReader(handed.Written);
        next.Import(ref reader);

        Assert.Equal(_rig.Recent.Ended(), next.Ended());
        Assert.Empty(next.Handshakes().Logins);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("""{"Handshakes":null,"FailedHandshakes":[],"FailedHandshakesTotal":0,"Groups":{},"Resumed":0,"Failures":[],"Connections":[]}""")]
    [InlineData("""
        {"Handshakes":[],"FailedHandshakes":[],"FailedHandshakesTotal":0,"Groups":{},"Resumed":0,"Connections":[],
         "Failures":[{"Reason":"FromTheFuture","Counts":[1],"Total":1,"Last":"2027-01-01T00:00:00Z"}]}
        """)]
    public async Task No_upgrade_fails_over_what_a_page_shows(string json)
    {
        await HandshakeAsync();
        using var state = new StateWriter();
        state.Write(System.Text.Encoding.UTF8.GetBytes(json));

        var next = new RecentActivity(_rig.Time);
        var reader = new StateReader(state.Written);
        next.Import(ref reader);

        Assert.True(reader.IsAtEnd);
        Assert.Empty(next.Ended());
        Assert.Empty(next.Failures());
    }

    private Task HandshakeAsync() => _rig.RunAsync(record =>
    {
        record.Secured(TelemetryRig.Tls13(), TimeSpan.Zero);
        ((ISessionObserver)record).LoginSucceeded("bob");
    });

    private RecentActivity Follow()
    {
        using var state = new StateWriter();
        _rig.Recent.Export(state);
        var next = new RecentActivity(_rig.Time);
        var reader = new StateReader(state.Written);
        next.Import(ref reader);
        return next;
    }
}
