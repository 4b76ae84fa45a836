using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The loop of one session: takes in what completed, has the machine driven, starts what it can and waits.
/// Once transparent, each direction moves on its own.
/// </summary>
internal sealed class ManagedSession(
    MailMachine machine, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time, WakeSignal wake, ConcurrentQueue<Signal> signals)
    : SessionDriver(machine, record, timeouts, time), IDisposable
{
    /// <summary>Bytes a session may read before it looks at what else happened.</summary>
    private const int BytesPerTurn = 512 * 1024;

    private readonly SessionDeadline _deadline = new(time, wake.Set);
    private PipeSide? _client;
    private ConnectionContext? _backendConnection;
    private PipeSide? _backend;

    protected override SessionSide Client => _client!;

    protected override SessionSide? Backend => _backend;

    protected override EmitBuffer Emitted { get; } = new();

    protected override bool DeadlinePassed => _deadline.HasPassed;

    public void Dispose() => _deadline.Dispose();

    /// <summary>Runs until the machine asks for something only a middleware can give.</summary>
    public async ValueTask<Outcome> RunAsync(PipeSide client, ConnectionContext? backend, CancellationToken stop)
    {
        _client = client;
        if (!ReferenceEquals(backend, _backendConnection))
        {
            _backendConnection = backend;
            _backend = backend is null ? null : new PipeSide(backend.Transport, wake);
        }

        var outcome = Begin();
        while (outcome is null)
        {
            client.Poll();
            client.ReadBudget = BytesPerTurn;
            if (_backend is { } side)
            {
                side.Poll();
                side.ReadBudget = BytesPerTurn;
            }

            if (stop.IsCancellationRequested)
            {
                return Closed(CloseReason.Aborted);
            }

            outcome = Advance();
            if (outcome is null && IsTransparent)
            {
                outcome = Relay(client, _backend!);
            }

            if (outcome is null)
            {
                // One side may be blocked and the other not.
                client.StartFlush();
                _backend?.StartFlush();
                await wake.WaitAsync();
            }
        }

        client.StartFlush();
        _backend?.StartFlush();
        return outcome.Value;
    }

    protected override void SetDeadline(TimeSpan span) => _deadline.Restart(span);

    protected override bool TryTakeSignal(out Signal signal) => signals.TryDequeue(out signal);

    private Outcome? Relay(PipeSide client, PipeSide backend)
    {
        while (TryTakeSignal(out var signal))
        {
            if (signal == Signal.Drain)
            {
                return Closed(CloseReason.Drained);
            }
        }

        return AfterRelay(Move(client, backend), Move(backend, client));
    }

    private static long Move(PipeSide from, PipeSide to)
    {
        if (to.Blocked || to.OutputEnded)
        {
            return 0;
        }

        var count = from.Length > 0 ? from.ForwardTo(to) : 0;
        to.StartFlush();
        if (!to.Blocked)
        {
            from.StartRead();
        }

        return count;
    }
}
