using System.Text.RegularExpressions;

namespace TlsFront.Tests.Architecture;

/// <summary>A source file of this repository.</summary>
/// <param name="Path">Path from the root, with slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Everything = new(ReadAll);

    /// <summary>All source files of the repository.</summary>
    public static IReadOnlyList<SourceFile> All => Everything.Value;

    /// <summary>Those of the gateway.</summary>
    public static IEnumerable<SourceFile> Gateway => All.Where(file => file.Path.StartsWith(GatewayFolder, StringComparison.Ordinal));

    private const string GatewayFolder = "src/TlsFront/";

    /// <summary>The feature a file of the gateway belongs to: its top folder; empty for Program.cs.</summary>
    public string Feature =>
        Path[GatewayFolder.Length..] is var rest && rest.Contains('/', StringComparison.Ordinal)
            ? rest[..rest.IndexOf('/', StringComparison.Ordinal)]
            : "";

    /// <summary>The text without comments, string and character literals.</summary>
    public string Code { get; } = CommentsAndLiterals().Replace(Text, "");

    /// <summary>Number of lines.</summary>
    public int Lines => Text.AsSpan().Count('\n');

    /// <summary>Names of the types that are not nested in another; file-scoped namespaces leave them unindented.</summary>
    public IEnumerable<string> TopLevelTypes => TypeDeclaration().Matches(Code).Select(match => match.Groups["name"].Value);

    public override string ToString() => Path;

    private static List<SourceFile> ReadAll()
    {
        var root = new DirectoryInfo(RepositoryRoot.PathOf(""));
        return [.. Read(root, "src"), .. Read(root, "tests")];
    }

    private static IEnumerable<SourceFile> Read(DirectoryInfo root, string folder) =>
        from path in Directory.EnumerateFiles(System.IO.Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories)
        let relative = System.IO.Path.GetRelativePath(root.FullName, path).Replace('\\', '/')
        where !relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal)
        orderby relative
        select new SourceFile(relative, File.ReadAllText(path));

    [GeneratedRegex("""
        //[^\n]*
        | /\*.*?\*/
        | [$]*"{3}.*?"{3}
        | [$]*@[$]*"([^"]|"")*"
        | [$]*"(\\.|[^"\\\n])*"
        | '(\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndLiterals();

    [GeneratedRegex(
        @"^(?!using|namespace|global)[a-z][\w ]*\b(class|struct|interface|enum|record|delegate\s+[\w<>?\[\]]+)\s+(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();
}
