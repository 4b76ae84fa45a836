namespace TlsFront.Tls;

/// <summary>
/// The session ticket keys from files, so that any replica resumes any client: an immutable list, replaced as a whole when files change. Files that turn
/// unusable leave the keys as they are. Handshakes read <see cref="Current"/> without a lock.
/// </summary>
internal sealed partial class TicketKeyStore(ILogger<TicketKeyStore> logger)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _files = [];
    private FileStamp[] _settled = [];
    private FileStamp[] _seen = [];
    private volatile TicketKey[] _current = [];

    /// <summary>The keys as of now: the first encrypts, all decrypt. Empty where no file is configured.</summary>
    public ReadOnlySpan<TicketKey> Current => _current;

    /// <summary>
    /// Takes <paramref name="files"/> as the new files. Returns what is wrong with them, one line each naming path and remedy; the keys of before stay then,
    /// until the files are mended.
    /// </summary>
    public IReadOnlyList<string> UpdateFiles(IReadOnlyList<string> files)
    {
        lock (_gate)
        {
            if (files.SequenceEqual(_files))
            {
                return [];
            }

            _files = files;
            return Settle(Stamp());
        }
    }

    /// <summary>
    /// Looks at the files once and uses from now on what changed. A key has nothing to tell it from half a key, or from the key of another moment of a rotation over
    /// several files: a change counts when two looks find the same. Called once a second by <see cref="TlsFileWatcher"/>.
    /// </summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var stamp = Stamp();
            var isAtRest = stamp.AsSpan().SequenceEqual(_seen);
            _seen = stamp;
            if (!isAtRest || stamp.AsSpan().SequenceEqual(_settled))
            {
                return;
            }

            foreach (var problem in Settle(stamp))
            {
                Log.Kept(logger, problem);
            }
        }
    }

    private FileStamp[] Stamp() => [.. _files.Select(FileStamp.Of)];

    private List<string> Settle(FileStamp[] stamp)
    {
        // If the files changed after the stamp was taken, the next look sees another one and reads again.
        _settled = stamp;
        var readings = _files.Select(TicketKeyLoader.Load).ToList();
        var problems = readings.Where(static reading => reading.Key is null).Select(static reading => reading.Problem!).ToList();
        if (problems.Count == 0)
        {
            _current = [.. readings.Select(static reading => reading.Key!)];
            Report(readings);
        }

        return problems;
    }

    private void Report(List<TicketKeyReading> readings)
    {
        if (_files.Count > 0)
        {
            Log.Loaded(logger, _files.Count, _files[0]);
        }

        foreach (var warning in readings.Select(static reading => reading.Warning).OfType<string>())
        {
            Log.Weak(logger, warning);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Information, "Session ticket keys loaded: {Count}; new tickets are made with {Path}", EventName = "TicketKeysLoaded")]
        public static partial void Loaded(ILogger logger, int count, string path);

        [LoggerMessage(511, LogLevel.Warning, "{Warning}", EventName = "TicketKeyWeak")]
        public static partial void Weak(ILogger logger, string warning);

        [LoggerMessage(512, LogLevel.Error, "Session ticket keys not renewed, those of before stay in use: {Problem}", EventName = "TicketKeyUnusable")]
        public static partial void Kept(ILogger logger, string problem);
    }
}
