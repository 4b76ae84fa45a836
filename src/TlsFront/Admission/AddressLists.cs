using System.Collections.Frozen;
using System.Net;
using TlsFront.Configuration;

namespace TlsFront.Admission;

/// <summary>
/// Who may connect to which listener, by the settings and the files they name. Connections read without a lock;
/// a broken file keeps its last good list.
/// </summary>
internal sealed partial class AddressLists : ISettingsFiles, IDisposable
{
    /// <summary>
    /// Checks that must find a file empty that was not, half a minute: a download that writes over it begins with nothing,
    /// and a list of nobody bars nobody, or everybody.
    /// </summary>
    private const int ChecksOfEmpty = 30;

    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private Dictionary<string, WatchedFile<NetworkSet>> _files = [];
    private GatewaySettings _inForce;
    private volatile FrozenDictionary<string, AdmissionRules> _rules = FrozenDictionary<string, AdmissionRules>.Empty;

    public AddressLists(SettingsStore settings, ILogger<AddressLists> logger)
    {
        _logger = logger;
        _inForce = settings.Current;
        Prepare(settings.Current).Commit();
        _subscription = settings.Subscribe("address lists", (_, now) => Prepare(now));
    }

    public IEnumerable<FileState> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Values.Select(static file => file.State)];
            }
        }
    }

    /// <summary>Whether a client may connect to a listener.</summary>
    public bool Admit(string listener, IPAddress client) => _rules.TryGetValue(listener, out var rules) && rules.Admit(client);

    public void Refresh()
    {
        lock (_gate)
        {
            var wasRead = false;
            foreach (var file in _files.Values)
            {
                if (file.Check())
                {
                    Report(file);
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

    /// <summary>Reads the files that are new; those that stay keep their last good list, whatever they hold at the moment.</summary>
    private PreparedChange Prepare(GatewaySettings now)
    {
        lock (_gate)
        {
            var files = new Dictionary<string, WatchedFile<NetworkSet>>();
            var added = new List<WatchedFile<NetworkSet>>();
            foreach (var path in now.Listeners.SelectMany(static listener => listener.Admission.Files).Distinct())
            {
                if (!_files.TryGetValue(path, out var file))
                {
                    file = new WatchedFile<NetworkSet>(path, Read, ChecksOfEmpty);
                    file.Load();
                    added.Add(file);
                }

                files[path] = file;
            }

            return new(() => TakeOver(now, files, added))
            {
                Problems = [.. from file in added from problem in file.Problems select problem.ToString()]
            };
        }
    }

    private void TakeOver(GatewaySettings now, Dictionary<string, WatchedFile<NetworkSet>> files, List<WatchedFile<NetworkSet>> added)
    {
        lock (_gate)
        {
            added.ForEach(Report);
            (_files, _inForce) = (files, now);
            Publish();
        }
    }

    /// <summary>By the settings whose files were read: the store may have newer ones already.</summary>
    private void Publish() => _rules = _inForce.Listeners.ToFrozenDictionary(
        listener => listener.Name,
        listener => new AdmissionRules(listener.Admission.Allow is { } allow ? Sets(allow) : null, Sets(listener.Admission.Deny)));

    private NetworkSet[] Sets(AddressListSettings list) => [list.Networks, .. list.Files.Select(path => _files[path].Content ?? NetworkSet.Empty)];

    private static (NetworkSet? Content, IReadOnlyList<Problem> Problems) Read(string path)
    {
        var file = NetworkFile.Read(path);
        return (file.Networks, [.. file.Problems.Select(problem => problem.In(path))]);
    }

    private void Report(WatchedFile<NetworkSet> file)
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
            Log.Read(_logger, file.Path);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "Networks read from {Path}", EventName = "NetworksRead")]
        public static partial void Read(ILogger logger, string path);

        [LoggerMessage(801, LogLevel.Error, "{Problem}", EventName = "NetworksBroken")]
        public static partial void Broken(ILogger logger, Problem problem);

        [LoggerMessage(802, LogLevel.Error, "{Path} not read: keeping its previous networks until the file is fixed", EventName = "NetworksKept")]
        public static partial void Kept(ILogger logger, string path);
    }
}
