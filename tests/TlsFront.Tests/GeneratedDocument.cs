using System.Text;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests;

/// <summary>
/// Text of the repository that is written from definitions in the code. A test compares it;
/// with <c>TLSFRONT_WRITE_DOCUMENTS=1</c> in the environment the same test writes it.
/// </summary>
internal static class GeneratedDocument
{
    private const string Variable = "TLSFRONT_WRITE_DOCUMENTS";

    /// <summary>The whole file <paramref name="path"/> is <paramref name="expected"/>.</summary>
    public static void AssertFile(string path, string expected) => Assert(path, _ => expected);

    /// <summary>In the file <paramref name="path"/>, <paramref name="expected"/> stands between the comments <c>name</c> and <c>/name</c>.</summary>
    public static void AssertPart(string path, string name, string expected) => Assert(path, text =>
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        Xunit.Assert.True(from >= 0 && to > from, $"{path} has no part between {begin.Trim()} and {end}");
        return text[..(from + begin.Length)] + expected + text[to..];
    });

    private static void Assert(string path, Func<string, string> write)
    {
        var file = RepositoryRoot.PathOf(path);
        var text = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        var expected = write(text);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, expected, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return;
        }

        if (text != expected)
        {
            Xunit.Assert.Fail(
                $"{path} is not what the code says. Write it anew: {Variable}=1 dotnet test tests/TlsFront.Tests --filter "
                + $"Writes=Documents{FirstDifference(text, expected)}");
        }
    }

    private static string FirstDifference(string text, string expected)
    {
        var (old, now) = (text.Split('\n'), expected.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"\nline {line + 1} is:       {old.ElementAtOrDefault(line)}\nand should be: {now.ElementAtOrDefault(line)}";
    }
}
