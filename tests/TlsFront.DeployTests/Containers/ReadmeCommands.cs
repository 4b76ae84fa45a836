namespace TlsFront.DeployTests.Containers;

/// <summary>Commands that README gives, as they stand there.</summary>
internal static class ReadmeCommands
{
    /// <summary>The lines of the first code block below a heading.</summary>
    public static IReadOnlyList<string> Below(string heading) =>
    [
        .. File.ReadLines(Repository.PathOf("README.md"))
            .SkipWhile(line => line != heading)
            .SkipWhile(static line => line != "```")
            .Skip(1)
            .TakeWhile(static line => line != "```"),
    ];
}
