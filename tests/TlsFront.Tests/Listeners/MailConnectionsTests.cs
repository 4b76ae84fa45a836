using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Listeners;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners;

/// <summary>An orderly close waits until the client took everything; these clients never do.</summary>
public sealed class MailConnectionsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SessionRegistry _sessions = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));
    private readonly StuckConnection _stuck = new();
    private readonly ConnectionBudget _budget;
    private readonly MailConnections _connections;

    public MailConnectionsTests()
    {
        _budget = new(_settings, null, NullLogger.Instance);
        _connections = new(_settings, _sessions, _budget, Memory(_budget), new OwnConnections(), _time);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _sessions.Dispose();
    }

    [Fact]
    public async Task A_connection_counts_until_it_is_closed()
    {
        var connection = _connections.Add(new DefaultConnectionContext(), new ListenerBudget());
        Assert.Equal(1, _connections.Count);
        await connection.DisposeAsync();
        Assert.Equal(0, _connections.Count);
    }

    [Fact]
    public async Task A_client_has_the_time_to_write_for_its_last_bytes_and_is_cut_then()
    {
        var closing = _connections.Add(_stuck, new ListenerBudget()).DisposeAsync().AsTask();
        _time.Advance(_settings.Current.Timeouts.Write - TimeSpan.FromSeconds(1));
        Assert.False(_stuck.IsAborted);
        Assert.Equal(1, _connections.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        await closing.WaitAsync(TestClient.Patience);
        Assert.True(_stuck.IsAborted);
        Assert.Equal(0, _connections.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_everything_ends_at_once_it_has_a_moment(bool before)
    {
        if (before)
        {
            _sessions.AbortAll();
        }

        var closing = _connections.Add(_stuck, new ListenerBudget()).DisposeAsync().AsTask();
        _sessions.AbortAll();
        Assert.False(_stuck.IsAborted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await closing.WaitAsync(TestClient.Patience);
        Assert.True(_stuck.IsAborted);
    }

    [Fact]
    public async Task Of_a_burst_as_many_have_a_place_as_there_are()
    {
        _settings.Replace(_settings.Current with { Limits = new LimitSettings { Connections = 3 } });
        var (listener, other) = (new ListenerBudget { Limit = 2 }, new ListenerBudget { Limit = 2 });
        using var budget = new ConnectionBudget(_settings, null, NullLogger.Instance);
        var connections = new MailConnections(_settings, _sessions, budget, Memory(budget), new OwnConnections(), _time);
        var accepted = Enumerable.Range(0, 4).Select(_ => connections.Add(new DefaultConnectionContext(), listener)).ToList();
        accepted.Add(connections.Add(new DefaultConnectionContext(), other));
        Assert.Equal(
            [
                CloseReason.None, CloseReason.None, CloseReason.LimitListenerConnections, CloseReason.LimitConnections,
                CloseReason.LimitConnections,
            ],
            accepted.Select(PlaceOf));

        // Who is refused counts until he is gone, because his descriptor does, but takes no place on any listener.
        foreach (var refused in accepted[2..])
        {
            await refused.DisposeAsync();
        }

        accepted.Add(connections.Add(new DefaultConnectionContext(), other));
        Assert.Equal(CloseReason.None, PlaceOf(accepted[5]));
        Assert.True(other.TryEnter());
        await accepted[0].DisposeAsync();
        accepted.Add(connections.Add(new DefaultConnectionContext(), listener));
        Assert.Equal(CloseReason.None, PlaceOf(accepted[6]));
    }

    private MemoryBudget Memory(ConnectionBudget budget) =>
        new(_settings, budget, new ProcessMemory(), _time, NullLogger<MemoryBudget>.Instance);

    private static CloseReason PlaceOf(ConnectionContext connection) => connection.Features.Get<NoPlace>()?.Reason ?? CloseReason.None;

    [Fact]
    public async Task What_the_engine_made_is_seen_through_it()
    {
        var made = new DefaultConnectionContext("1") { Items = new Dictionary<object, object?>() };
        var connection = _connections.Add(made, new ListenerBudget());
        connection.ConnectionId = "2";
        Assert.Equal("2", made.ConnectionId);
        Assert.Same(made.Features, connection.Features);
        Assert.Same(made.Items, connection.Items);
        Assert.Equal(made.ConnectionClosed, connection.ConnectionClosed);
        var closed = new TaskCompletionSource();
        made.ConnectionClosed.Register(closed.SetResult);
        connection.Abort();
        await closed.Task.WaitAsync(TestClient.Patience);
        await connection.DisposeAsync();
    }

    private sealed class StuckConnection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _aborted = new();

        public bool IsAborted => _aborted.Task.IsCompleted;

        public override void Abort(ConnectionAbortedException abortReason) => _aborted.TrySetResult();

        public override async ValueTask DisposeAsync()
        {
            await _aborted.Task;
            await base.DisposeAsync();
        }
    }
}
