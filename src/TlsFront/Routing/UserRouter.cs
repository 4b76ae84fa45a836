using System.Collections.Frozen;
using TlsFront.Configuration;
using TlsFront.Configuration.Users;

namespace TlsFront.Routing;

/// <summary>
/// Which backend the users of each listener belong to, by the settings and the user maps they name. Sessions read without a lock; a broken map leaves
/// its last good one in force.
/// </summary>
internal sealed partial class UserRouter : ISettingsFiles, IDisposable
{
    /// <summary>
    /// Checks that must find a map empty that was not, half a minute: one that is written anew in its place begins with nothing, and without it
    /// users end up where their mail is not.
    /// </summary>
    private const int ChecksOfEmpty = 30;

    private readonly UserMapCache _cache;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private Dictionary<string, WatchedMap> _maps = [];
    private GatewaySettings _inForce;
    private volatile FrozenDictionary<string, UserRoutes> _routes = FrozenDictionary<string, UserRoutes>.Empty;

    /// <param name="settings">The settings in force.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what is read, and what is wrong with it.</param>
    /// <param name="loader">Who reads the settings, and the maps for that; null where they do not change.</param>
    public UserRouter(SettingsStore settings, TimeProvider time, ILogger<UserRouter> logger, SettingsLoader? loader = null)
    {
        (_time, _logger, _cache, _inForce) = (time, logger, loader?.UserMaps ?? new(), settings.Current);
        var change = Prepare(settings.Current);
        Problems = change.Problems;
        change.Commit();
        _subscription = settings.Subscribe("user maps", (_, now) => Prepare(now));
    }

    /// <summary>Why maps could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _maps.Values.Select(static map => map.File.State)];
            }
        }
    }

    /// <summary>The map in force of each listener that has one, when it was read, and whether its file was good when last looked at.</summary>
    public IEnumerable<(string Listener, string Path, int Entries, DateTimeOffset Read, bool IsCurrent)> Maps
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. from listener in _inForce.Listeners
                       where listener.UserMap is not null
                       let map = _maps[KeyOf(listener)]
                       select (listener.Name, map.File.Path, map.File.Content?.Count ?? 0, map.Read, map.File.Problems.Count == 0)
                ];
            }
        }
    }

    /// <summary>The routes of a listener as they are now; null if the user decides nothing there.</summary>
    public UserRoutes? Find(string listener) => _routes.GetValueOrDefault(listener);

    public void Refresh()
    {
        lock (_gate)
        {
            var wasRead = false;
            foreach (var map in _maps.Values)
            {
                if (map.File.Check())
                {
                    map.Read = map.File.Problems.Count == 0 ? _time.GetUtcNow() : map.Read;
                    Report(map.File);
                    wasRead = true;
                }
            }

            if (wasRead)
            {
                Publish();
            }
        }
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>
    /// Reads the maps that are new, or may name something else than before. One that cannot be used leaves its last good content in force as long as
    /// that names nothing that is gone.
    /// </summary>
    private PreparedChange Prepare(GatewaySettings now)
    {
        lock (_gate)
        {
            var maps = new Dictionary<string, WatchedMap>();
            var added = new List<WatchedFile<UserMap>>();
            foreach (var listener in now.Listeners.Where(static listener => listener.UserMap is not null))
            {
                var targets = UserMapTargets.Of(listener.Protocol, now.Listeners, now.Backends);
                var key = KeyOf(listener);
                if (maps.ContainsKey(key))
                {
                    continue;
                }

                if (_maps.TryGetValue(key, out var map) && map.Targets.Equals(targets))
                {
                    maps.Add(key, map);
                    continue;
                }

                var last = map?.File.Content is { } content && targets.ContainsAll(content) ? content : null;
                var file = new WatchedFile<UserMap>(listener.UserMap!, path => Read(path, targets), ChecksOfEmpty, last);
                file.Load();
                maps.Add(key, new(file, targets) { Read = file.Problems.Count == 0 || map is null ? _time.GetUtcNow() : map.Read });
                if (file.Problems.Count > 0 || !ReferenceEquals(file.Content, last))
                {
                    added.Add(file);
                }
            }

            return new(() => TakeOver(now, maps, added))
            {
                Problems = [.. from file in added where file.Content is null from problem in file.Problems select problem.ToString()],
            };
        }
    }

    private void TakeOver(GatewaySettings now, Dictionary<string, WatchedMap> maps, List<WatchedFile<UserMap>> added)
    {
        lock (_gate)
        {
            added.ForEach(Report);
            (_maps, _inForce) = (maps, now);
            _cache.Keep([.. maps.Values.Select(static map => map.File.Path)]);
            Publish();
        }
    }

    /// <summary>By the settings whose maps were read: the store may have newer ones already.</summary>
    private void Publish() => _routes = _inForce.Listeners
        .Where(static listener => listener.NeedsUser)
        .ToFrozenDictionary(
            static listener => listener.Name,
            listener => new UserRoutes(listener, listener.UserMap is null ? null : _maps[KeyOf(listener)].File.Content));

    /// <summary>Listeners of one protocol share what they read; a map may name other backends in another one.</summary>
    private static string KeyOf(ListenerSettings listener) => $"{listener.ProtocolName} {listener.UserMap}";

    private (UserMap? Content, IReadOnlyList<Problem> Problems) Read(string path, UserMapTargets targets)
    {
        var file = _cache.Read(path, targets);
        return (file.Map, [.. file.Problems.Select(problem => problem.In(path))]);
    }

    private void Report(WatchedFile<UserMap> file)
    {
        foreach (var problem in file.Problems)
        {
            Log.Broken(_logger, problem);
        }

        if (file.Problems.Count > 0)
        {
            Log.Kept(_logger, file.Path);
        }
        else
        {
            Log.Read(_logger, file.Path, file.Content?.Count ?? 0);
        }
    }

    /// <summary>A map, and what it may name.</summary>
    private sealed record WatchedMap(WatchedFile<UserMap> File, UserMapTargets Targets)
    {
        /// <summary>When its content was read.</summary>
        public required DateTimeOffset Read { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(820, LogLevel.Information, "User map {Path} loaded: {Count} entries", EventName = "UserMapRead")]
        public static partial void Read(ILogger logger, string path, int count);

        [LoggerMessage(821, LogLevel.Error, "{Problem}", EventName = "UserMapBroken")]
        public static partial void Broken(ILogger logger, Problem problem);

        [LoggerMessage(
            822, LogLevel.Error, "User map {Path} not reloaded: keeping the previous map until the file is fixed", EventName = "UserMapKept")]
        public static partial void Kept(ILogger logger, string path);
    }
}
