using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TlsFront.Configuration;

/// <summary>The file with the secret of the admin endpoint.</summary>
internal static class TokenFile
{
    /// <summary>Octets. Enough for any secret; keeps a wrong path out of memory.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Characters. What is shorter can be guessed over the network.</summary>
    private const int MinimumLength = 16;

    private const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the token as it is now, without the newline that editors put at the end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="token">The token.</param>
    /// <param name="problem">Why there is none, naming the file and never what it holds.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? token, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (token, problem) = (null, null);
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Everybody) != 0)
            {
                problem = new(
                    $"{path} can be read or written by everybody on this machine", $"chmod 640 {path}, and make a new token: the old one is known");
                return false;
            }

            var text = BoundedFile.Read(path, MaximumLength) is { } content ? Encoding.UTF8.GetString(content).TrimEnd('\r', '\n') : null;
            if (text is null || text.Length < MinimumLength || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                problem = new(
                    $"{path} holds no token: one line of {MinimumLength} or more letters, digits and punctuation marks",
                    $"make one: openssl rand -hex 32 > {path}");
                return false;
            }

            token = text;
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = new($"there is no file {path}", $"make one: umask 077; openssl rand -hex 32 > {path}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problem = new($"{path} cannot be read by user {Environment.UserName}", "check the path and the permissions of its folders");
        }

        return false;
    }
}
