using TlsFront.Configuration;
using TlsFront.Tls;

namespace TlsFront.Policies;

/// <summary>A file of networks and what was last read of it without a mistake.</summary>
internal sealed class NetworkFileSource(string path)
{
    /// <summary>
    /// Looks that must find a file empty that was not, half a minute: a download that writes over it begins with nothing, and a list of nobody bars nobody, or everybody.
    /// </summary>
    private const int LooksOfEmpty = 30;

    private FileStamp _settled;
    private FileStamp _seen;
    private int _looks;

    public string Path => path;

    /// <summary>Its networks when it last was good; none before.</summary>
    public NetworkSet Networks { get; private set; } = NetworkSet.Empty;

    /// <summary>Reads the file as it is; returns what is wrong with it.</summary>
    public IReadOnlyList<NetworkFileProblem> Load()
    {
        // If it changes after the stamp was taken, the next look sees another one and reads again.
        _settled = FileStamp.Of(path);
        var file = NetworkFile.Read(path);
        Networks = file.Networks ?? Networks;
        return file.Problems;
    }

    /// <summary>Reads the file if it changed and two looks found the same, <see cref="LooksOfEmpty"/> if it is empty, as its writer may be half-way; null if it was not read.</summary>
    public IReadOnlyList<NetworkFileProblem>? Look()
    {
        var stamp = FileStamp.Of(path);
        _looks = stamp == _seen ? _looks + 1 : 1;
        _seen = stamp;
        return stamp != _settled && _looks >= (stamp.Length == 0 ? LooksOfEmpty : 2) ? Load() : null;
    }
}
