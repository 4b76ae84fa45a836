using TlsFront.Configuration;

namespace TlsFront.Cli;

/// <summary>
/// Compares decisions with a table of what somebody expects, a line each: <c>user listener backend</c>, for any destination, or
/// <c>user listener backend:destination</c>; <c>(lookup)</c> stands for a backend that only a lookup tells. What follows <c>#</c> at the beginning
/// of a word is a comment.
/// </summary>
/// <param name="decisions">The decisions.</param>
/// <param name="serverName">The server name that all the clients ask for, in lower case, or null.</param>
internal sealed class RouteExpectations(RouteDecisions decisions, string? serverName)
{
    /// <summary>Largest table accepted, 64 MiB: a million lines.</summary>
    private const int MaximumSize = 64 << 20;

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    private int _lines;
    private int _differing;
    private int _unusable;

    /// <summary>Prints what differs; the exit code.</summary>
    public int Compare(string path, TextWriter output, TextWriter error)
    {
        byte[]? content;
        try
        {
            content = BoundedFile.Read(path, MaximumSize);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            error.WriteLine($"{path}: there is no such file, or user {Environment.UserName} may not read it");
            return ExitCode.Unanswered;
        }

        if (content is null)
        {
            error.WriteLine($"{path}: is larger than 64 MiB; split it");
            return ExitCode.Unanswered;
        }

        using var lines = new StreamReader(new MemoryStream(content));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            string[] words =
            [
                .. line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).TakeWhile(static word => !word.StartsWith('#'))
            ];
            if (words.Length > 0)
            {
                Compare(new Origin(path, number), words, output, error);
            }
        }

        output.WriteLine($"{path}: {Amount.Of(_lines, "line")}, {_differing} {(_differing == 1 ? "differs" : "differ")}");
        return _unusable > 0 ? ExitCode.Unanswered : _differing > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private void Compare(Origin origin, string[] words, TextWriter output, TextWriter error)
    {
        _lines++;
        if (words is not [var user, var listener, var expected])
        {
            _unusable++;
            error.WriteLine($"{origin}: write user, listener and backend, with spaces or tabs between them");
        }
        else if (decisions.Find(listener, user, serverName) is not { } decision)
        {
            _unusable++;
            error.WriteLine($"{origin}: {decisions.UnknownListener(listener)}");
        }
        else if (expected != decision.Backend && expected != decision.ToString())
        {
            _differing++;
            output.WriteLine($"{origin}: {user} on {listener}: expected {expected}, gets {decision}");
        }
    }
}
