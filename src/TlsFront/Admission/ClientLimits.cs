using System.Net;
using System.Net.Sockets;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Admission;

/// <summary>The limits of single clients, over all listeners. A reload keeps what is remembered of a limit that did not change.</summary>
internal sealed class ClientLimits : IHandedState, IDisposable
{
    private readonly IDisposable _subscription;
    private readonly TimeProvider _time;
    private readonly ClientConnections _open = new();
    private volatile State _state;

    public ClientLimits(SettingsStore settings, TimeProvider time)
    {
        _time = time;
        var limits = settings.Current.Limits;
        _state = new(limits, Limiter(limits.ConnectionRate), Limiter(limits.HandshakeRate));
        _subscription = settings.Subscribe("limits of clients", (_, now) => Prepare(now.Limits));
    }

    /// <summary>
    /// Whether a client may connect: <see cref="CloseReason.None"/>, or the limit it reached. <paramref name="entry"/> is to be given to
    /// <see cref="Leave"/> when the connection ends; null if there is nothing to give back.
    /// </summary>
    public CloseReason TryEnter(IPAddress address, out UInt128? entry)
    {
        entry = null;
        var (limits, connections, handshakes) = _state;
        if ((connections is null && handshakes is null && limits.ConnectionsPerClient is null) || limits.Exempt.Contains(address))
        {
            return CloseReason.None;
        }

        var client = ClientOf(address, limits);
        if (connections?.AttemptAcquire(client).IsAcquired == false)
        {
            return CloseReason.LimitConnectionRate;
        }

        if (limits.ConnectionsPerClient is { } most)
        {
            if (!_open.TryEnter(client, most))
            {
                return CloseReason.LimitClientConnections;
            }

            entry = client;
        }

        if (handshakes?.AttemptAcquire(client).IsAcquired != false)
        {
            return CloseReason.None;
        }

        Leave(entry);
        entry = null;
        return CloseReason.LimitHandshakeRate;
    }

    /// <summary>
    /// Counts a connection that another process admitted, whatever its client has; what to give to <see cref="Leave"/>, or null.
    /// </summary>
    public UInt128? Enter(IPAddress address)
    {
        var limits = _state.Limits;
        if (limits.ConnectionsPerClient is null || limits.Exempt.Contains(address))
        {
            return null;
        }

        var client = ClientOf(address, limits);
        return _open.TryEnter(client, int.MaxValue) ? client : null;
    }

    /// <summary>A connection ended.</summary>
    public void Leave(UInt128? entry)
    {
        if (entry is { } client)
        {
            _open.Leave(client);
        }
    }

    /// <inheritdoc/>
    public string Name => "client-rates/1";

    /// <inheritdoc/>
    /// <remarks>Of open connections nothing: each counts itself where it is served.</remarks>
    public void Export(StateWriter state)
    {
        var (limits, connections, handshakes) = _state;
        state.Write(limits.V4Prefix);
        state.Write(limits.V6Prefix);
        Export(state, limits.ConnectionRate, connections);
        Export(state, limits.HandshakeRate, handshakes);
    }

    /// <inheritdoc/>
    /// <remarks>As with a reload, a limit that changed begins anew.</remarks>
    public void Import(ref StateReader state)
    {
        var (limits, connections, handshakes) = _state;
        var prefixes = (state.ReadInt32(), state.ReadInt32());
        var isSameClient = prefixes == (limits.V4Prefix, limits.V6Prefix);
        Import(ref state, limits.ConnectionRate, isSameClient ? connections : null);
        Import(ref state, limits.HandshakeRate, isSameClient ? handshakes : null);
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>
    /// The first bits of the address. IPv4 clients are told from IPv6 ones by the prefix of IPv4-mapped addresses,
    /// which no client has that was normalised.
    /// </summary>
    private static UInt128 ClientOf(IPAddress address, LimitSettings limits)
    {
        var number = NetworkSet.Number(address);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? (number >> (32 - limits.V4Prefix)) | ((UInt128)0xFFFF << 32)
            : number >> (128 - limits.V6Prefix) << (128 - limits.V6Prefix);
    }

    private static void Export(StateWriter state, Rate? rate, ClientRateLimiter? limiter)
    {
        state.Write(rate?.Count ?? 0);
        state.Write((ulong)(rate?.Period.Ticks ?? 0));
        using var clients = new StateWriter();
        limiter?.Export(clients);
        state.Write(clients.Written);
    }

    private static void Import(ref StateReader state, Rate? rate, ClientRateLimiter? limiter)
    {
        var before = (Count: state.ReadInt32(), Period: state.ReadUInt64());
        var clients = new StateReader(state.ReadBytes());
        if (before.Count == rate?.Count && before.Period == (ulong)rate.Value.Period.Ticks)
        {
            limiter?.Import(ref clients);
        }
    }

    private ClientRateLimiter? Limiter(Rate? rate) => rate is { } limit ? new(limit, _time) : null;

    private PreparedChange Prepare(LimitSettings limits)
    {
        var (before, connections, handshakes) = _state;
        var isSameClient = (before.V4Prefix, before.V6Prefix) == (limits.V4Prefix, limits.V6Prefix);
        var next = new State(
            limits,
            isSameClient && before.ConnectionRate == limits.ConnectionRate ? connections : Limiter(limits.ConnectionRate),
            isSameClient && before.HandshakeRate == limits.HandshakeRate ? handshakes : Limiter(limits.HandshakeRate));
        return new(() => _state = next);
    }

    private sealed record State(LimitSettings Limits, ClientRateLimiter? Connections, ClientRateLimiter? Handshakes);
}
