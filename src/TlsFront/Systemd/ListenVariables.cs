using System.Globalization;

namespace TlsFront.Systemd;

/// <summary>
/// The environment variables by which a service manager tells a process of the sockets it hands over, as sd_listen_fds(3) reads them.
/// </summary>
internal static class ListenVariables
{
    /// <summary>Most sockets taken: a listener each, and nobody has so many.</summary>
    private const int MaximumCount = 1024;

    private const string Owner = "LISTEN_PID";
    private const string Count = "LISTEN_FDS";
    private const string Names = "LISTEN_FDNAMES";

    /// <summary>All of them; a process that took its sockets removes these, or its children would take them for theirs.</summary>
    public static readonly IReadOnlyList<string> All = [Owner, Count, Names];

    /// <summary>Reads them.</summary>
    /// <param name="variable">Value of an environment variable.</param>
    /// <param name="processId">This process; the sockets may be meant for another, which is no mistake.</param>
    /// <param name="problem">What is wrong, in words.</param>
    /// <returns>A name for each socket, in the order of their descriptors.</returns>
    public static IReadOnlyList<string> Read(Func<string, string?> variable, int processId, out string? problem)
    {
        problem = null;
        if (variable(Owner) is not { Length: > 0 } owner || variable(Count) is not { Length: > 0 } count)
        {
            return [];
        }

        if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var ownerId))
        {
            problem = $"{Owner} is '{owner}' and should be the process the sockets are for; let a service manager set it, or unset it";
            return [];
        }

        if (ownerId != processId)
        {
            return [];
        }

        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaximumCount)
        {
            problem = $"{Count} is '{count}' and should be a number of sockets from 1 to {MaximumCount}; let a service manager set it, or unset it";
            return [];
        }

        // They only help to find the unit: as many as there are.
        var names = variable(Names) is { Length: > 0 } list ? list.Split(':') : [];
        return [.. Enumerable.Range(0, number).Select(index => index < names.Length && names[index].Length > 0 ? names[index] : "unknown")];
    }
}
