using System.Globalization;

namespace TlsFront.Policies;

/// <summary>The limit of open files of this process, as the kernel tells it.</summary>
internal static class OpenFileLimit
{
    private const string Source = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary>The limit in force; null where there is none or the system does not tell.</summary>
    public static long? Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadLines(Source)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Finds it among the lines of <c>/proc/self/limits</c>: name, limit in force, highest limit, unit.</summary>
    public static long? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var word = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
