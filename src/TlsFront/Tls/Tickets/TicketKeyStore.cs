using TlsFront.Configuration;

namespace TlsFront.Tls.Tickets;

/// <summary>
/// The session ticket keys from files, so that any replica resumes any client: an immutable list, replaced as a whole when files change. Files that
/// turn unusable leave the keys as they are. Handshakes read <see cref="Current"/> without a lock.
/// </summary>
internal sealed partial class TicketKeyStore(ILogger<TicketKeyStore> logger) : ISettingsFiles
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _files = [];
    private FileStamp[] _settled = [];
    private FileStamp[] _seen = [];
    private IReadOnlyList<string?> _problems = [];
    private volatile TicketKey[] _current = [];

    /// <summary>The keys as of now: the first encrypts, all decrypt. Empty where no file is configured.</summary>
    public ReadOnlySpan<TicketKey> Current => _current;

    public IEnumerable<FileState> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Select((file, index) => new FileState(file, _settled[index], _problems[index]))];
            }
        }
    }

    /// <summary>
    /// Takes <paramref name="files"/> as the new files. Returns what is wrong with them, one line each naming path and remedy;
    /// the previous files and keys stay then.
    /// </summary>
    public IReadOnlyList<string> UpdateFiles(IReadOnlyList<string> files)
    {
        var prepared = Prepare(files);
        if (prepared.Problems.Count == 0)
        {
            prepared.Commit();
        }

        return prepared.Problems;
    }

    /// <summary>Reads new files. If they are the ones there are, their keys stay even if the files are broken at the moment.</summary>
    public PreparedChange Prepare(IReadOnlyList<string> files)
    {
        lock (_gate)
        {
            if (files.SequenceEqual(_files))
            {
                return new(static () => { });
            }
        }

        // If the files change after the stamp was taken, the next check sees another one and reads again.
        var stamp = Stamp(files);
        var readings = Read(files);
        return new(() => TakeOver(files, stamp, readings)) { Problems = ProblemsOf(readings) };
    }

    /// <summary>
    /// Checks the files once and uses from now on what changed. A key has nothing to tell it from half a key, or from the key of another moment of
    /// a rotation over several files: a change counts when two checks find the same. All files are read when one changes.
    /// </summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var stamp = Stamp(_files);
            var isAtRest = stamp.AsSpan().SequenceEqual(_seen);
            _seen = stamp;
            if (!isAtRest || stamp.AsSpan().SequenceEqual(_settled))
            {
                return;
            }

            _settled = stamp;
            var readings = Read(_files);
            _problems = [.. readings.Select(static reading => reading.Problem)];
            var problems = ProblemsOf(readings);
            problems.ForEach(problem => Log.Kept(logger, problem));
            if (problems.Count == 0)
            {
                Use(readings);
            }
        }
    }

    private static FileStamp[] Stamp(IReadOnlyList<string> files) => [.. files.Select(FileStamp.Of)];

    private static List<TicketKeyReading> Read(IReadOnlyList<string> files) => [.. files.Select(TicketKeyLoader.Load)];

    private static List<string> ProblemsOf(List<TicketKeyReading> readings) =>
        [.. readings.Select(static reading => reading.Problem).OfType<string>()];

    private void TakeOver(IReadOnlyList<string> files, FileStamp[] stamp, List<TicketKeyReading> readings)
    {
        lock (_gate)
        {
            (_files, _settled, _problems) = (files, stamp, [.. readings.Select(static reading => reading.Problem)]);
            Use(readings);
        }
    }

    private void Use(List<TicketKeyReading> readings)
    {
        _current = [.. readings.Select(static reading => reading.Key!)];
        Report(readings);
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
        [LoggerMessage(
            510, LogLevel.Information, "Session ticket keys loaded: {Count}; new tickets are made with {Path}", EventName = "TicketKeysLoaded")]
        public static partial void Loaded(ILogger logger, int count, string path);

        [LoggerMessage(511, LogLevel.Warning, "{Warning}", EventName = "TicketKeyWeak")]
        public static partial void Weak(ILogger logger, string warning);

        [LoggerMessage(
            512, LogLevel.Error, "Session ticket keys not read again, keeping the previous ones until the files are fixed: {Problem}",
            EventName = "TicketKeyUnusable")]
        public static partial void Kept(ILogger logger, string problem);
    }
}
