using System.Text;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>A file with one entry a line.</summary>
internal static class ListFile
{
    /// <summary>Largest file accepted, 16 MiB: all networks of the Internet's routing table, or half a million users.</summary>
    private const int MaximumSize = 16 << 20;

    private const int MaximumProblems = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the file as it is now. No entries where anything is wrong with it: half a list is not what its writer meant.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it holds, for a problem with the whole of it.</param>
    /// <param name="type">What an entry may be.</param>
    /// <param name="commentAt">Where the comment of a line begins; -1 for none.</param>
    /// <param name="isStrict">Whether a last line without an end counts as unfinished, and all of it has to be UTF-8, comments too.</param>
    public static (IReadOnlyCollection<T>? Entries, IReadOnlyList<LineProblem> Problems) Read<T>(
        string path, string what, SettingType<T> type, Func<string, int> commentAt, bool isStrict)
    {
        try
        {
            return BoundedFile.Read(path, MaximumSize) is { } content
                ? isStrict && content is [.., not (byte)'\n']
                    ? Unreadable<T>(new("ends in the middle of a line", "finish it with a new line, which shows that the file is whole"))
                    : Parse(new StreamReader(new MemoryStream(content), isStrict ? Strict : Encoding.UTF8), type, commentAt)
                : Unreadable<T>(new("is larger than 16 MiB", $"check that it is a list of {what}, or split it into several files"));
        }
        catch (DecoderFallbackException)
        {
            return Unreadable<T>(new("is not UTF-8", "convert it, such as with iconv -f latin1 -t utf-8"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable<T>(
                new($"there is no file {path}, or user {Environment.UserName} may not read it", "check the path and the permissions of its folders"));
        }
    }

    private static (IReadOnlyCollection<T>? Entries, IReadOnlyList<LineProblem> Problems) Unreadable<T>(ValueProblem problem) =>
        (null, [new(null, null, problem)]);

    private static (IReadOnlyCollection<T>? Entries, IReadOnlyList<LineProblem> Problems) Parse<T>(
        StreamReader lines, SettingType<T> type, Func<string, int> commentAt)
    {
        var entries = new List<T>();
        var problems = new List<LineProblem>();
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var end = commentAt(line);
            var text = (end < 0 ? line : line[..end]).Trim();
            if (text.Length == 0)
            {
                continue;
            }

            if (type.TryParse(text, out var entry, out var problem))
            {
                entries.Add(entry);
            }
            else if (problems.Count < MaximumProblems)
            {
                problems.Add(new(number, text, problem));
            }
        }

        return (problems.Count == 0 ? entries : null, problems);
    }
}
