using System.Collections.Frozen;
using System.Net;
using TlsFront.Configuration;

namespace TlsFront.Policies;

/// <summary>Who may connect to which listener, by the settings and the files they name. Connections read without a lock; a broken file keeps its last good list.</summary>
internal sealed partial class AddressLists : IDisposable
{
    private readonly SettingsStore _settings;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Dictionary<string, NetworkFileSource> _files = [];
    private GatewaySettings _inForce;
    private volatile FrozenDictionary<string, AdmissionRules> _rules = FrozenDictionary<string, AdmissionRules>.Empty;

    public AddressLists(SettingsStore settings, ILogger<AddressLists> logger)
    {
        _settings = settings;
        _logger = logger;
        _inForce = settings.Current;
        OnChanged(settings.Current, settings.Current);
        settings.Changed += OnChanged;
    }

    /// <summary>Whether a client may connect to a listener.</summary>
    public bool Admit(string listener, IPAddress client) => _rules.TryGetValue(listener, out var rules) && rules.Admit(client);

    /// <summary>Looks at every file once. Called once a second by <see cref="AddressListWatcher"/>.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var wasRead = false;
            foreach (var file in _files.Values)
            {
                if (file.Look() is { } problems)
                {
                    Report(file, problems);
                    wasRead = true;
                }
            }

            if (wasRead)
            {
                Publish();
            }
        }
    }

    public void Dispose() => _settings.Changed -= OnChanged;

    private void OnChanged(GatewaySettings old, GatewaySettings now)
    {
        lock (_gate)
        {
            var files = new Dictionary<string, NetworkFileSource>();
            foreach (var path in now.Listeners.SelectMany(listener => (string[])[.. listener.Admission.Allow?.Files ?? [], .. listener.Admission.Deny.Files]).Distinct())
            {
                if (!_files.TryGetValue(path, out var file))
                {
                    file = new NetworkFileSource(path);
                    Report(file, file.Load());
                }

                files[path] = file;
            }

            (_files, _inForce) = (files, now);
            Publish();
        }
    }

    /// <summary>By the settings whose files were read: the store may have newer ones already.</summary>
    private void Publish() => _rules = _inForce.Listeners.ToFrozenDictionary(
        listener => listener.Name,
        listener => new AdmissionRules(listener.Admission.Allow is { } allow ? Sets(allow) : null, Sets(listener.Admission.Deny)));

    private NetworkSet[] Sets(AddressListSettings list) => [list.Networks, .. list.Files.Select(path => _files[path].Networks)];

    private void Report(NetworkFileSource file, IReadOnlyList<NetworkFileProblem> problems)
    {
        foreach (var (line, text, complaint) in problems)
        {
            Log.Broken(_logger, new Problem(Severity.Error, new Origin(file.Path, line), "", text, complaint.Message, complaint.Remedy));
        }

        if (problems.Count > 0)
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

        [LoggerMessage(802, LogLevel.Error, "{Path} not read: its networks of before stay in force until it is mended", EventName = "NetworksKept")]
        public static partial void Kept(ILogger logger, string path);
    }
}
