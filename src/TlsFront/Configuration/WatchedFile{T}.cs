namespace TlsFront.Configuration;

/// <summary>A file that a setting points to, and what was last read of it without a mistake.</summary>
/// <param name="path">The file.</param>
/// <param name="read">Reads it as it is; the content is null where there is any problem.</param>
/// <param name="checksOfEmpty">Checks in a row that must find the file empty before that counts.</param>
/// <param name="last">What another watch last read of it without a mistake; null for nothing.</param>
internal sealed class WatchedFile<T>(
    string path, Func<string, (T? Content, IReadOnlyList<Problem> Problems)> read, int checksOfEmpty = WatchedFile<T>.Checks, T? last = null)
    where T : class
{
    /// <summary>Checks in a row that must find a change.</summary>
    private const int Checks = 2;

    private FileStamp _settled;
    private FileStamp _seen;
    private int _checks;

    public string Path => path;

    /// <summary>What it held when it last was good; null before.</summary>
    public T? Content { get; private set; } = last;

    /// <summary>What is wrong with it, as of the last reading.</summary>
    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public FileState State => new(path, _settled, Problems.Count == 0 ? null : Problems[0].ToString());

    /// <summary>Reads the file as it is.</summary>
    public void Load()
    {
        // If it changes after the stamp was taken, the next check sees another one and reads again.
        _settled = FileStamp.Of(path);
        (var content, Problems) = read(path);
        Content = content ?? Content;
    }

    /// <summary>Reads the file if it changed and is at rest; false if it was not read.</summary>
    public bool Check()
    {
        var stamp = FileStamp.Of(path);
        _checks = stamp == _seen ? _checks + 1 : 1;
        _seen = stamp;
        if (stamp == _settled || _checks < (stamp.Length == 0 ? checksOfEmpty : Checks))
        {
            return false;
        }

        Load();
        return true;
    }
}
