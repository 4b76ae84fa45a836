namespace TlsFront.Configuration.Users;

/// <summary>
/// User maps as they were last read, so that a large one is read once for those who check the settings and those who go by it, and not again as long
/// as the file is the same.
/// </summary>
internal sealed class UserMapCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (FileStamp Stamp, UserMapTargets Targets, UserMapFile File)> _read = [];

    /// <summary>The file at <paramref name="path"/> as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">What it may name.</param>
    public UserMapFile Read(string path, UserMapTargets targets)
    {
        lock (_gate)
        {
            // If it changes after the stamp was taken, the next reading sees another one.
            var stamp = FileStamp.Of(path);
            if (_read.TryGetValue(path, out var known) && stamp == known.Stamp && stamp != FileStamp.Missing
                && (known.File.Map is { } map ? targets.ContainsAll(map) : targets.Equals(known.Targets)))
            {
                return known.File;
            }

            var file = UserMapFile.Read(path, targets);
            _read[path] = (stamp, targets, file);
            return file;
        }
    }

    /// <summary>The backends that the map at <paramref name="path"/> named when it was last read; null if it was not, or is broken.</summary>
    public IReadOnlyList<string>? BackendsOf(string path)
    {
        lock (_gate)
        {
            return _read.TryGetValue(path, out var known) ? known.File.Map?.Backends : null;
        }
    }

    /// <summary>Forgets every map but those of <paramref name="paths"/>.</summary>
    public void Keep(IReadOnlyCollection<string> paths)
    {
        lock (_gate)
        {
            foreach (var path in _read.Keys.Except(paths).ToList())
            {
                _read.Remove(path);
            }
        }
    }
}
