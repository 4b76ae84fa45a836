using System.Text.Json;
using TlsFront.Connections;
using TlsFront.Handover;

namespace TlsFront.Telemetry.Recent;

/// <summary>
/// What happened lately, for a page that people look at; monitoring has the metrics. It is bounded whatever clients do: figures are kept by names of
/// the configuration and closed lists, and the last <see cref="Connections"/> connections. Adding takes an uncontended lock and no timer.
/// </summary>
internal sealed class RecentActivity(TimeProvider time) : IConnectionEvents, IHandedState
{
    /// <summary>Connections that are remembered: a screen or two of them.</summary>
    public const int Connections = 50;

    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<string, int> _sessions = [];
    private readonly Dictionary<(TlsVersion Version, string Cipher), RecentCounts> _handshakes = [];
    private readonly Dictionary<(LoginTransport Transport, TlsVersion? Version), RecentCounts> _logins = [];
    private readonly Dictionary<string, long> _groups = [];
    private readonly RecentCounts _failedHandshakes = new();
    private readonly Dictionary<CloseReason, (RecentCounts Counts, DateTimeOffset Last)> _failures = [];
    private readonly Queue<RecentConnection> _connections = new(Connections);
    private long _resumed;
    private long _step = -1;
    private DateTimeOffset _stepBegan;

    /// <summary>A TLS handshake ended.</summary>
    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var now = Now();
            if (record.Facts.Tls is not { } tls)
            {
                if (!record.IsBalancerCheck)
                {
                    _failedHandshakes.Add(now);
                }

                return;
            }

            _sessions[record.Protocol] = _sessions.GetValueOrDefault(record.Protocol) + 1;
            if (!_handshakes.TryGetValue((tls.Version, tls.CipherSuite), out var counts))
            {
                _handshakes.Add((tls.Version, tls.CipherSuite), counts = new RecentCounts());
            }

            counts.Add(now);
            var group = tls.Group ?? KeyExchangeGroups.Other;
            _groups[group] = _groups.GetValueOrDefault(group) + 1;
            _resumed += tls.Resumed == true ? 1 : 0;
        }
    }

    /// <summary>A login was accepted or refused.</summary>
    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
        if (!accepted)
        {
            return;
        }

        lock (_gate)
        {
            var key = (record.Transport, record.Facts.Tls?.Version);
            if (!_logins.TryGetValue(key, out var counts))
            {
                _logins.Add(key, counts = new RecentCounts());
            }

            counts.Add(Now());
        }
    }

    /// <summary>A session was taken over from another process.</summary>
    public void TakenOver(ConnectionRecord record) => AddSession(record, 1);

    /// <summary>A session goes on in another process.</summary>
    public void HandedOver(ConnectionRecord record) => AddSession(record, -1);

    /// <summary>
    /// A connection ended. Those refused for who their client is are counted and not remembered, or a flood would leave nothing else;
    /// load balancers' checks are neither.
    /// </summary>
    public void Ended(ConnectionRecord record, TimeSpan lifetime)
    {
        var at = time.GetUtcNow();
        var reason = record.CloseReason;
        lock (_gate)
        {
            if (record.Facts.Tls is not null)
            {
                _sessions[record.Protocol] = _sessions.GetValueOrDefault(record.Protocol) - 1;
            }

            if (record.IsBalancerCheck)
            {
                return;
            }

            if (!reason.IsSuccess())
            {
                var counts = _failures.TryGetValue(reason, out var before) ? before.Counts : new RecentCounts();
                counts.Add(Now());
                _failures[reason] = (counts, at);
            }

            if (reason.IsRefusal())
            {
                return;
            }

            if (_connections.Count == Connections)
            {
                _connections.Dequeue();
            }

            _connections.Enqueue(new RecentConnection(
                at, record.Facts.Id, record.Listener, record.Protocol, record.Facts.Client, record.Facts.Tls, record.Route, record.RoutedBy,
                record.Backend, record.Destination,
                record.BytesFromClient, record.BytesToClient, lifetime, reason, record.Detail));
        }
    }

    /// <summary>Connections past their handshake now, by protocol.</summary>
    public IReadOnlyDictionary<string, int> Sessions()
    {
        lock (_gate)
        {
            return new SortedDictionary<string, int>(_sessions, StringComparer.Ordinal);
        }
    }

    /// <summary>The handshakes and logins of the window.</summary>
    public HandshakeHistory Handshakes()
    {
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_began);
            var now = RecentCounts.Number(elapsed);
            if (now != _step)
            {
                // Once a step: two clocks are read, and what is only read again must not look changed.
                (_step, _stepBegan) = (now, time.GetUtcNow() - (elapsed - (RecentCounts.Step * now)));
            }

            return new HandshakeHistory(
                _stepBegan,
                [
                    .. _handshakes
                        .Select(entry => new RecentHandshakes(entry.Key.Version, entry.Key.Cipher, entry.Value.Total, entry.Value.Before(now)))
                        .OrderByDescending(static entry => entry.Total),
                ],
                _failedHandshakes.Before(now),
                _failedHandshakes.Total,
                [.. _groups.OrderByDescending(static group => group.Value)],
                _resumed,
                [.. _logins.Select(entry => new RecentLogins(entry.Key.Transport, entry.Key.Version, entry.Value.Total, entry.Value.Before(now)))]);
        }
    }

    /// <summary>How connections failed, the most frequent of the window first.</summary>
    public IReadOnlyList<RecentFailure> Failures()
    {
        lock (_gate)
        {
            var now = Now();
            return [.. _failures
                .Select(entry => new RecentFailure(entry.Key, entry.Value.Counts.Sum(now), entry.Value.Counts.Total, entry.Value.Last))
                .OrderByDescending(static failure => failure.Recent).ThenByDescending(static failure => failure.Last)];
        }
    }

    /// <summary>The connections that ended last, the last one first.</summary>
    public IReadOnlyList<RecentConnection> Ended()
    {
        lock (_gate)
        {
            return [.. _connections.Reverse()];
        }
    }

    /// <inheritdoc/>
    public string Name => "recent-activity/1";

    /// <inheritdoc/>
    /// <remarks>Of sessions nothing: each counts itself where it is served.</remarks>
    public void Export(StateWriter state)
    {
        lock (_gate)
        {
            var now = Now();
            var snapshot = new RecentSnapshot(
                [
                    .. from entry in _handshakes
                       select new RecentHandshakes(entry.Key.Version, entry.Key.Cipher, entry.Value.Total, entry.Value.Capture(now)),
                ],
                _failedHandshakes.Capture(now),
                _failedHandshakes.Total,
                _groups,
                _resumed,
                [
                    .. from entry in _failures
                       let counts = entry.Value.Counts
                       select new FailureSnapshot(entry.Key, counts.Capture(now), counts.Total, entry.Value.Last),
                ],
                [.. _connections])
            {
                Logins =
                [
                    .. from entry in _logins
                       select new RecentLogins(entry.Key.Transport, entry.Key.Version, entry.Value.Total, entry.Value.Capture(now)),
                ],
            };
            state.Write(JsonSerializer.SerializeToUtf8Bytes(snapshot, RecentJson.Default.RecentSnapshot));
        }
    }

    /// <inheritdoc/>
    public void Import(ref StateReader state)
    {
        RecentSnapshot snapshot;
        try
        {
            snapshot = JsonSerializer.Deserialize(state.ReadBytes(), RecentJson.Default.RecentSnapshot) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException)
        {
            // Of another version, with a reason that is unknown here. No page is worth an upgrade.
            return;
        }

        lock (_gate)
        {
            var now = Now();
            foreach (var (version, cipher, total, counts) in snapshot.Handshakes)
            {
                var restored = _handshakes[(version, cipher)] = new RecentCounts();
                restored.Restore(counts, total, now);
            }

            foreach (var (transport, version, total, counts) in snapshot.Logins ?? [])
            {
                var restored = _logins[(transport, version)] = new RecentCounts();
                restored.Restore(counts, total, now);
            }

            _failedHandshakes.Restore(snapshot.FailedHandshakes, snapshot.FailedHandshakesTotal, now);
            foreach (var (group, count) in snapshot.Groups)
            {
                _groups[group] = count;
            }

            _resumed = snapshot.Resumed;
            foreach (var failure in snapshot.Failures)
            {
                var restored = new RecentCounts();
                restored.Restore(failure.Counts, failure.Total, now);
                _failures[failure.Reason] = (restored, failure.Last);
            }

            foreach (var connection in snapshot.Connections.TakeLast(Connections))
            {
                _connections.Enqueue(connection);
            }
        }
    }

    private void AddSession(ConnectionRecord record, int change)
    {
        if (record.Facts.Tls is not null)
        {
            lock (_gate)
            {
                _sessions[record.Protocol] = _sessions.GetValueOrDefault(record.Protocol) + change;
            }
        }
    }

    /// <summary>Asked for under the lock, so that it never goes back.</summary>
    private long Now() => RecentCounts.Number(time.GetElapsedTime(_began));
}
