using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>A file of networks, one a line; <c>#</c> and <c>;</c> begin comments, as in the lists others publish.</summary>
/// <param name="Networks">Its networks; null where anything is wrong with it.</param>
/// <param name="Problems">What is wrong; no more than anybody reads.</param>
internal sealed record NetworkFile(NetworkSet? Networks, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Reads the file as it is now.</summary>
    public static NetworkFile Read(string path)
    {
        var (networks, problems) = ListFile.Read(
            path, "networks", NetworkType.Instance, static line => line.AsSpan().IndexOfAny('#', ';'), isStrict: false);
        return new(networks is null ? null : NetworkSet.Of(networks), problems);
    }
}
