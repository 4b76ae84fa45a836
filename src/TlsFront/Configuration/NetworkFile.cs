using System.Net;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>A file of networks, one a line; <c>#</c> and <c>;</c> begin comments, as in the lists others publish.</summary>
/// <param name="Networks">Its networks; null where anything is wrong with it: half a list is not what its writer meant.</param>
/// <param name="Problems">What is wrong; no more than anybody reads.</param>
internal sealed record NetworkFile(NetworkSet? Networks, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Largest file accepted, 16 MiB: all networks of the Internet's routing table.</summary>
    private const int MaximumSize = 16 << 20;

    private const int MaximumProblems = 100;

    /// <summary>Reads the file as it is now.</summary>
    public static NetworkFile Read(string path)
    {
        try
        {
            return BoundedFile.Read(path, MaximumSize) is { } content
                ? Parse(new StreamReader(new MemoryStream(content)))
                : Unreadable(new("is larger than 16 MiB", "this is hardly a list of networks; check the path"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable(
                new($"there is no file {path}, or user {Environment.UserName} may not read it", "check the path and the permissions of its folders"));
        }
    }

    private static NetworkFile Unreadable(ValueProblem problem) => new(null, [new(null, null, problem)]);

    private static NetworkFile Parse(StreamReader lines)
    {
        var networks = new List<IPNetwork>();
        var problems = new List<LineProblem>();
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var end = line.AsSpan().IndexOfAny('#', ';');
            var text = (end < 0 ? line : line[..end]).Trim();
            if (text.Length == 0)
            {
                continue;
            }

            if (NetworkType.Instance.TryParse(text, out var network, out var problem))
            {
                networks.Add(network);
            }
            else if (problems.Count < MaximumProblems)
            {
                problems.Add(new(number, text, problem));
            }
        }

        return new(problems.Count == 0 ? NetworkSet.Of(networks) : null, problems);
    }
}
