using System.Diagnostics.CodeAnalysis;
using TlsFront.Configuration;
using TlsFront.Tls;
using TlsFront.Tls.Tickets;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Tls;

namespace TlsFront.Transport.Native;

/// <summary>
/// The engine for Linux: event loops of our own on epoll and the system's OpenSSL, with TLS,
/// relay and machines inside the loop. See README.md in this folder.
/// </summary>
internal sealed class NativeEngine : IDisposable, IEngineFigures
{
    /// <summary>Name in the start line and the <c>engine</c> setting.</summary>
    public const string Name = "native";

    private readonly EventLoop[] _loops;
    private readonly TicketKeys _tickets;
    private readonly TlsContextCache _contexts;
    private readonly ClientContextCache _backendContexts;

    private NativeEngine(NativeSettings settings, TicketKeyStore? ticketKeys, TimeProvider time, ILoggerFactory loggers)
    {
        _tickets = new TicketKeys(ticketKeys, time);
        _contexts = new TlsContextCache(_tickets, Objects);
        _backendContexts = new ClientContextCache(Objects);
        _loops = new EventLoop[Math.Max(1, settings.Loops)];
        for (var i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EventLoop(i, settings, time, Objects);
        }

        Transport = new TransportEngine(
            Name,
            $"OpenSSL {OpenSslLibrary.Version}",
            new NativeListenerFactory(_loops, _contexts, new SessionAdoption(_loops, _contexts, _backendContexts, time), time, loggers),
            new NativeConnectionFactory(_loops, _backendContexts, Objects), this,
            this, _tickets);
    }

    /// <summary>What the gateway is composed with.</summary>
    public TransportEngine Transport { get; }

    /// <summary>Native objects alive.</summary>
    public NativeObjects Objects { get; } = new();

    IReadOnlyList<long> IEngineFigures.LoopStalls => [.. _loops.Select(static loop => loop.Stalls)];

    IReadOnlyList<(string Kind, long Count)> IEngineFigures.NativeObjects => Objects.ByKind();

    Task IEngineFigures.TurnAsync() => Task.WhenAll(_loops.Select(static loop =>
    {
        var heartbeat = new LoopHeartbeat();
        loop.Post(heartbeat);
        return heartbeat.Done;
    }));

    /// <summary>
    /// Makes the engine if this system can run it; otherwise <paramref name="obstacle"/> tells an operator why and what would help, and
    /// the managed engine is to take over.
    /// </summary>
    /// <param name="settings">The operator's settings.</param>
    /// <param name="ticketKeys">Session ticket keys from files; while it has none, or is null, the engine makes keys of its own,
    /// for this process alone.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="loggers">Told what goes wrong.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="obstacle">Why there is none.</param>
    public static bool TryCreate(
        NativeSettings settings,
        TicketKeyStore? ticketKeys,
        TimeProvider time,
        ILoggerFactory loggers,
        [NotNullWhen(true)] out NativeEngine? engine,
        [NotNullWhen(false)] out string? obstacle)
    {
        engine = OpenSslLibrary.TryLoad(settings.OpenSsl, out obstacle)
            ? new NativeEngine(settings, ticketKeys, time, loggers)
            : null;
        return engine is not null;
    }

    /// <summary>Stops the loops; every connection must have been disposed before.</summary>
    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }

        _contexts.Dispose();
        _backendContexts.Dispose();
        _tickets.Dispose();
    }
}
