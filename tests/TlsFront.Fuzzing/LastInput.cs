using System.IO.MemoryMappedFiles;

namespace TlsFront.Fuzzing;

/// <summary>
/// Keeps the input being run in a file's memory, which outlives the process: an exhausted stack cannot be caught. Also ends the process
/// when one run does not end.
/// </summary>
internal sealed class LastInput : IDisposable
{
    /// <summary>Longest run, in milliseconds of processor time. The slowest honest ones take some ten.</summary>
    private const int MaximumTime = 10_000;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Timer _watchdog;
    private readonly string _path;
    private long _runs;
    private long _began;
    private long _seen;
    private TimeSpan _seenAt;

    public LastInput(string path, int maximumLength)
    {
        _path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, maximumLength + sizeof(int));
        _view = _file.CreateViewAccessor();
        _watchdog = new(_ => Check(), null, 1000, 1000);
    }

    /// <summary>Notes what is run now.</summary>
    public void Begin(byte[] input)
    {
        // A corpus may hold longer ones than are made.
        var length = (int)Math.Min(input.Length, _view.Capacity - sizeof(int));
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
        Volatile.Write(ref _began, Interlocked.Increment(ref _runs));
    }

    /// <summary>The run ended.</summary>
    public void End() => Volatile.Write(ref _began, 0);

    /// <summary>The run ended, and so does the need for the file.</summary>
    public void Dispose()
    {
        _watchdog.Dispose();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    // The clock is read here and not for each run; other work on the machine must not look like a run that does not end.
    private void Check()
    {
        var run = Volatile.Read(ref _began);
        if (run == 0 || run != _seen)
        {
            (_seen, _seenAt) = (run, Environment.CpuUsage.TotalTime);
        }
        else if ((Environment.CpuUsage.TotalTime - _seenAt).TotalMilliseconds > MaximumTime)
        {
            Console.Error.WriteLine(
                $"{Path.GetFileNameWithoutExtension(_path)}: error: one input takes longer than {MaximumTime / 1000} s; it is in {_path}, behind " +
                $"four octets of its length.");
            Environment.Exit(1);
        }
    }
}
