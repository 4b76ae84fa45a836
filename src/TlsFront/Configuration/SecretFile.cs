using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TlsFront.Configuration;

/// <summary>Files that hold secrets: what may be known of them without their content, and passwords.</summary>
internal static class SecretFile
{
    /// <summary>Octets. Longer than any password; keeps a wrong path out of memory.</summary>
    private const int MaximumPassword = 4096;

    /// <summary>A group that reads is how root owns what the gateway reads, in packages and in Kubernetes' volumes.</summary>
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Whether others than its owner and its group may read it, or others than its owner may write it.</summary>
    public static bool IsOpenToOthers(SafeFileHandle file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0;

    /// <summary>
    /// Reads the password in the file at <paramref name="path"/>, without the newline that editors put at the end. The caller erases it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="password">The password, never empty.</param>
    /// <param name="warning">What an operator should know of a file that could be used; null if nothing.</param>
    /// <param name="problem">Why there is no password, naming the file and never what it holds.</param>
    public static bool TryReadPassword(
        string path, [NotNullWhen(true)] out char[]? password, out string? warning, [NotNullWhen(false)] out string? problem)
    {
        (password, warning, problem) = (null, null, null);
        var octets = new byte[MaximumPassword + 1];
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = octets.AsSpan(0, RandomAccess.Read(file, octets, 0));
            if (content.Length > MaximumPassword)
            {
                problem = $"{path}: the file is longer than {MaximumPassword} octets and thus no password";
                return false;
            }

            content = content is [.., (byte)'\n'] ? content[..^1] : content;
            content = content is [.., (byte)'\r'] ? content[..^1] : content;
            if (content.IsEmpty)
            {
                problem = $"{path}: the file holds no password";
                return false;
            }

            password = new char[Encoding.UTF8.GetCharCount(content)];
            Encoding.UTF8.GetChars(content, password);
            warning = IsOpenToOthers(file)
                ? $"others than its owner and group may read its password in {path}, or others than its owner may write it; chmod 640 {path}"
                : null;
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = $"{path}: the password's file does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"{path}: permission denied; let the user {Environment.UserName} read the password's file and enter its folders";
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            problem = $"{path}: the password cannot be read: {exception.Message}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }

        return false;
    }
}
