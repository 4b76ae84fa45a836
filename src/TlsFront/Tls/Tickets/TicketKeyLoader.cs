using Microsoft.Win32.SafeHandles;
using TlsFront.Configuration;

namespace TlsFront.Tls.Tickets;

/// <summary>Reads session ticket keys from files. What is wrong with them is a value, in words that name file and remedy.</summary>
internal static class TicketKeyLoader
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    public static TicketKeyReading Load(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(file, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, $"{path}: the session ticket key does not exist; make it with: openssl rand -out {path} {TicketKey.Length}");
        }
        catch (UnauthorizedAccessException)
        {
            return new(null, $"{path}: permission denied; let the user {Environment.UserName} read the session ticket key and enter its folders");
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            return new(null, $"{path}: the session ticket key cannot be read: {exception.Message}");
        }
    }

    private static TicketKeyReading Read(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        var octets = new byte[TicketKey.Length];
        if (length != TicketKey.Length || RandomAccess.Read(file, octets, 0) != TicketKey.Length)
        {
            return new(
                null,
                $"{path}: the session ticket key has {length} octets and must have {TicketKey.Length}; "
                + $"make it with: openssl rand -out {path} {TicketKey.Length}");
        }

        return new(new TicketKey(octets), Warning: SecretFile.IsOpenToOthers(file)
            ? $"{path}: others than its owner and group may read the session ticket key, or others than its owner may write it, "
                + $"and whoever has it can decrypt and take over sessions; chmod 640 {path}"
            : null);
    }
}
