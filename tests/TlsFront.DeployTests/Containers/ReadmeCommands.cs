namespace TlsFront.DeployTests.Containers;

/// <summary>Commands that README gives, as they stand there.</summary>
internal static class ReadmeCommands
{
    /// <summary>The lines of the first code block below a line: a heading, or the sentence before the block.</summary>
    public static IReadOnlyList<string> Below(string line) =>
    [
        .. File.ReadLines(Repository.PathOf("README.md"))
            .SkipWhile(read => read != line)
            .SkipWhile(static read => read != "```")
            .Skip(1)
            .TakeWhile(static read => read != "```"),
    ];
}
