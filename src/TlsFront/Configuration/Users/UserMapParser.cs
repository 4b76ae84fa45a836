using System.Globalization;
using System.Text;

namespace TlsFront.Configuration.Users;

/// <summary>Reads a user map, once.</summary>
/// <param name="targets">What it may name.</param>
/// <param name="octets">How large the file is, as far as is known.</param>
/// <param name="maxEntries">How many entries are accepted.</param>
internal sealed class UserMapParser(UserMapTargets targets, int octets = 0, int maxEntries = UserMapParser.MaxEntries)
{
    /// <summary>Most entries accepted: a large provider's users, in some 150 MB of memory.</summary>
    public const int MaxEntries = 4_000_000;

    private const int MaximumProblems = 100;

    /// <summary>Characters beyond which nothing is a name, a colon, a host and a port.</summary>
    private const int LongestTarget = 512;

    private readonly UserMapBuilder _map = new(octets);
    private readonly List<LineProblem> _problems = [];

    /// <summary>Backends and destinations that were told to be wrong: once is enough, however many lines have them.</summary>
    private readonly HashSet<string> _told = [];

    /// <summary>Reads all of it.</summary>
    public UserMapFile Parse(FileLines lines)
    {
        while (_problems.Count < MaximumProblems && lines.TryRead(out var text))
        {
            if (lines.Octets > UserMapFile.MaxOctets)
            {
                return new(null, [new(null, null, new("is larger than 512 MiB", "check the path"))]);
            }

            if (lines.IsTooLong)
            {
                Note(
                    lines.Number, text,
                    new($"is longer than {FileLines.MaxLength} octets", "write one user, spaces or tabs, and one backend a line"));
            }
            else if (lines.IsUnfinished)
            {
                Note(lines.Number, text, new(
                    "ends without a newline: the file may be incomplete", "end the last line with a newline"));
            }
            else if (UserMapLine.Of(text, lines.Number) is { IsEmpty: false } line)
            {
                if (_map.Count == maxEntries)
                {
                    Note(lines.Number, line.User, new(
                        string.Create(CultureInfo.InvariantCulture, $"is one more than the {maxEntries:N0} entries a map may have"),
                        "write a line for each domain, such as \"@example.org backend\""));
                    break;
                }

                Read(lines.Number, line);
            }
        }

        return new(_problems.Count == 0 ? _map.Build() : null, _problems);
    }

    private void Read(int number, UserMapLine line)
    {
        Span<char> written = stackalloc char[UserMapLine.Room];
        Span<char> lower = stackalloc char[UserMapLine.Room];
        if (!UserMapLine.TryDecode(line.User, written, out var user))
        {
            Note(number, line.User, new("is not UTF-8", "save the file as UTF-8"));
        }
        else if (UserKey.Check(user) is { } message)
        {
            Note(number, line.User, new(
                message, "write a user as at login, such as bob@example.org, \"@example.org\" for every user of a domain, or \"*\" for everybody"));
        }
        else if (line.Target.IsEmpty)
        {
            Note(number, line.User, new("has no backend", "add it after the user, separated by spaces"));
        }
        else if (!line.Rest.IsEmpty)
        {
            Note(number, line.Rest, new("is more than user and backend", "write one user a line, and comments behind #"));
        }
        else if (Target(number, line.Target) is { } target && !_map.Add(lower[..user.ToLowerInvariant(lower)], target))
        {
            Note(number, line.User, new("is listed twice", "remove one of the two lines; upper and lower case are the same"));
        }
    }

    private UserMapTarget? Target(int number, ReadOnlySpan<byte> text)
    {
        Span<char> buffer = stackalloc char[LongestTarget];
        if (UserMapLine.TryDecode(text, buffer, out var letters) && targets.Find(letters) is { } target)
        {
            return target;
        }

        var written = Encoding.UTF8.GetString(text);
        if (_told.Add(written))
        {
            Note(number, text, targets.Explain(written));
        }

        return null;
    }

    private void Note(int number, ReadOnlySpan<byte> text, ValueProblem problem) =>
        _problems.Add(new(number, Encoding.UTF8.GetString(text), problem));
}
