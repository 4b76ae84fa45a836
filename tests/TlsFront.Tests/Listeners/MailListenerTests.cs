using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Handover;
using TlsFront.Listeners;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Listeners;

/// <summary>What happens when there is no room even to refuse: nothing is accepted, and nobody spins.</summary>
public sealed class MailListenerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SessionRegistry _sessions = new();
    private readonly EndlessListener _clients = new();
    private readonly ConnectionBudget _budget;
    private readonly MailListener _listener;

    public MailListenerTests()
    {
        var settings = new SettingsStore(TestGateway.Settings("/nowhere") with { Limits = new LimitSettings { Connections = 10 } });
        _budget = new ConnectionBudget(settings, null, NullLogger.Instance);
        _listener = new MailListener(
            _clients, new MailConnections(settings, _sessions, _budget, Memory(settings, _budget), new OwnConnections(), _time), _budget,
            new ListenerBudget(),
            new Succession(new HandoverInvitation(null)), _time);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _sessions.Dispose();
    }

    [Fact]
    public async Task Accepting_rests_until_there_is_room()
    {
        while (!_budget.IsExhausted)
        {
            Assert.NotNull(await _listener.AcceptAsync());
        }

        Assert.Equal(10 + 128, _clients.Accepted);
        var accepting = _listener.AcceptAsync().AsTask();
        await AdvanceAsync(100);
        Assert.Equal(10 + 128, _clients.Accepted);
        Assert.False(accepting.IsCompleted);
        _budget.Leave();
        await AdvanceAsync(1, until: accepting);
        Assert.NotNull(await accepting);
    }

    [Fact]
    public async Task A_listener_that_rests_can_be_unbound()
    {
        while (!_budget.IsExhausted)
        {
            await _listener.AcceptAsync();
        }

        var accepting = _listener.AcceptAsync().AsTask();
        await _listener.StopAcceptingAsync();
        await AdvanceAsync(1, until: accepting);
        Assert.Null(await accepting);
    }

    /// <summary>Its sockets are another process's until this one may accept.</summary>
    [Fact]
    public async Task A_listener_that_ends_before_it_may_accept_touches_nothing()
    {
        using var succession = new Succession(new HandoverInvitation("/run/tlsfront/handover"));
        var settings = new SettingsStore(TestGateway.Settings("/nowhere"));
        await using var listener = new MailListener(
            _clients, new MailConnections(settings, _sessions, _budget, Memory(settings, _budget), new OwnConnections(), _time), _budget,
            new ListenerBudget(), succession,
            _time);
        var accepting = listener.AcceptAsync().AsTask();
        await listener.StopAcceptingAsync();
        Assert.Null(await accepting.WaitAsync(TestClient.Patience));
        Assert.Equal(0, _clients.Asked);
    }

    /// <summary>Lets time pass, so many pauses or until something happens.</summary>
    private async Task AdvanceAsync(int pauses, Task? until = null)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        for (var i = 0; until is null ? i < pauses : !until.IsCompleted; i++)
        {
            patience.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    /// <summary>Has a client whenever it is asked, until it is unbound.</summary>
    private sealed class EndlessListener : IConnectionListener
    {
        private bool _isUnbound;

        public int Accepted { get; private set; }

        public int Asked { get; private set; }

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 993);

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            Asked++;
            Accepted += _isUnbound ? 0 : 1;
            return new(_isUnbound ? null : new DefaultConnectionContext());
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _isUnbound = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
    private MemoryBudget Memory(SettingsStore settings, ConnectionBudget budget) =>
        new(settings, budget, new ProcessMemory(), _time, NullLogger<MemoryBudget>.Instance);

}
