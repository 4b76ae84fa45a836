using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tls;

namespace TlsFront.Transport.Managed;

/// <summary>
/// The managed engine's side of one connection: pipes for bytes, <see cref="SslStream"/> for TLS, and one loop that owns the readers and
/// writers of both peers, so that a machine needs no lock.
/// </summary>
internal sealed class ManagedMailTransport(ConnectionContext connection, ConnectionRecord record, TimeoutSettings timeouts, TimeProvider time)
    : IMailTransport, IAsyncDisposable
{
    private readonly WakeSignal _wake = new();
    private readonly ConcurrentQueue<Signal> _signals = new();
    private IDuplexPipe _pipe = connection.Transport;
    private SslStream? _tls;
    private PipeSide? _client;
    private ManagedSession? _session;
    private ManagedClientWatch? _watch;
    private CloseReason _ended;

    public CancellationToken ClientLeft => (_watch ??= new ManagedClientWatch(_client!, _wake)).Left;

    public ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop) => ManagedPeek.ReadAsync(_pipe.Input, atLeast, stop);

    public bool SpeaksLegacyTls => false;

    public void Skip(int count) => ManagedPeek.Skip(_pipe.Input, count);

    public async ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop)
    {
        _client?.HandBack();
        _client = null;
        var result = await ManagedTlsHandshake.AuthenticateAsync(_pipe, policy, stop);
        if (result.Stream is { } stream)
        {
            _tls = stream;
            _pipe = new StreamDuplexPipe(stream);
        }

        return result.Outcome;
    }

    /// <remarks>An <see cref="SslStream"/> keeps its keys to itself.</remarks>
    public ValueTask<IFrozenSession?> FreezeAsync() => default;

    public async ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop)
    {
        if (_watch is { } watch)
        {
            _watch = null;
            await watch.DisposeAsync();
        }

        _client ??= new PipeSide(_pipe, _wake);
        _session ??= new ManagedSession(machine, record, timeouts, time, _wake, _signals);
        await using var registration = stop.UnsafeRegister(static state => ((WakeSignal)state!).Set(), _wake);
        var outcome = await _session.RunAsync(_client, backend, stop);
        _ended = outcome.Reason;
        return outcome;
    }

    public async ValueTask SayGoodbyeAsync(CancellationToken stop)
    {
        // A client that stalled had its time.
        await using var registration = stop.UnsafeRegister(static state => ((WakeSignal)state!).Set(), _wake);
        if (_ended == CloseReason.ClientStalled || !await new ManagedGoodbye(_client!, _tls, _wake, timeouts, time).SayAsync(stop))
        {
            connection.Abort(new ConnectionAbortedException("The client did not take what was sent to it."));
        }
    }

    public void Post(Signal signal)
    {
        _signals.Enqueue(signal);
        _wake.Set();
    }

    public async ValueTask DisposeAsync()
    {
        _session?.Dispose();
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }
    }
}
