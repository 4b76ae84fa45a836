namespace TlsFront.Configuration;

/// <summary>
/// The files of one kind that the settings point to. One that changes is read again; one that turns unusable leaves its last good content in use.
/// </summary>
/// <param name="what">What they hold, for the log.</param>
/// <param name="read">Reads a file as it is; the content is null where there is any problem.</param>
/// <param name="logger">Told of each file that was read again, or could not be.</param>
/// <param name="checksOfEmpty">Checks in a row that must find a file empty before that counts; null for as many as for any change.</param>
internal sealed class WatchedFiles<T>(
    string what, Func<string, (T? Content, IReadOnlyList<Problem> Problems)> read, ILogger logger, int? checksOfEmpty = null)
    where T : class
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyDictionary<string, WatchedFile<T>> _files = new Dictionary<string, WatchedFile<T>>();

    /// <summary>The files.</summary>
    public IEnumerable<WatchedFile<T>> All => _files.Values;

    /// <summary>What is in use, and what is wrong with it.</summary>
    public IEnumerable<FileState> States => _files.Values.Select(static file => file.State);

    /// <summary>The file at <paramref name="path"/>. Its content is the same object as long as the file is the same.</summary>
    public WatchedFile<T> Get(string path) =>
        // Settings that are no longer in force may have another file: connections keep the settings they were accepted with.
        _files.GetValueOrDefault(path) ?? Load(path);

    /// <summary>Reads the files that are new.</summary>
    public PreparedChange Prepare(IEnumerable<string> paths)
    {
        var known = _files;
        var files = paths.Distinct().ToDictionary(static path => path, path => known.GetValueOrDefault(path) ?? Load(path));
        return new(() => _files = files)
        {
            Problems = [.. from file in files.Values where file.Content is null from problem in file.Problems select problem.Subject],
        };
    }

    /// <summary>Reads the files that changed; whether any has other content now.</summary>
    public bool Refresh()
    {
        var isChanged = false;
        lock (_gate)
        {
            foreach (var file in _files.Values.Where(static file => file.Check()))
            {
                if (file.Problems.Count == 0)
                {
                    WatchedFileLog.Read(logger, what, file.Path);
                    isChanged = true;
                }
                else
                {
                    WatchedFileLog.Kept(logger, what, file.Problems[0].Sentence);
                }
            }
        }

        return isChanged;
    }

    private WatchedFile<T> Load(string path)
    {
        var file = checksOfEmpty is { } checks ? new WatchedFile<T>(path, read, checks) : new WatchedFile<T>(path, read);
        file.Load();
        return file;
    }
}
