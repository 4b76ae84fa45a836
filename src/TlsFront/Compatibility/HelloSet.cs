using System.Diagnostics;
using TlsFront.Configuration;

namespace TlsFront.Compatibility;

/// <summary>Hellos to replay: those that come with the program, and those of an operator's folder.</summary>
internal static class HelloSet
{
    /// <summary>Most files of a folder, so that a wrong one ends the reading soon.</summary>
    private const int MaximumFiles = 1000;

    private const string ResourcePrefix = "hello/";

    /// <summary>Those that come with the program, in the order of their files' names.</summary>
    public static IReadOnlyList<RecordedHello> ReadShipped() =>
    [
        .. from name in ShippedNames
           select HelloFile.Parse(ReadResource(name)).Hello ?? throw new UnreachableException($"The hello {name} cannot be read.")
    ];

    /// <summary>Names of their resources.</summary>
    public static IEnumerable<string> ShippedNames => typeof(HelloSet).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>A resource's content.</summary>
    public static byte[] ReadResource(string name)
    {
        using var stream = typeof(HelloSet).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Those of the files in <paramref name="folder"/>, in the order of their names, and what is wrong with the others.</summary>
    public static (IReadOnlyList<RecordedHello> Hellos, IReadOnlyList<Problem> Problems) ReadFolder(string folder)
    {
        List<string> files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder, $"*{HelloFile.Extension}").Take(MaximumFiles + 1)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], [Wrong(folder, $"cannot be read: {exception.Message}", $"name a folder with {HelloFile.Extension} files")]);
        }

        if (files.Count is 0 or > MaximumFiles)
        {
            var message = files.Count == 0 ? $"has no {HelloFile.Extension} file" : $"has more than {MaximumFiles} {HelloFile.Extension} files";
            return ([], [Wrong(folder, message, "name the folder with the recorded hellos")]);
        }

        var read = files.Order(StringComparer.Ordinal).Select(HelloFile.Read).ToList();
        return (
            [.. read.Select(static one => one.Hello).OfType<RecordedHello>()], [.. read.Select(static one => one.Problem).OfType<Problem>()]);
    }

    private static Problem Wrong(string folder, string message, string remedy) => new(Severity.Error, new Origin(folder), "", null, message, remedy);
}
