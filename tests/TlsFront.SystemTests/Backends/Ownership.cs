using System.Runtime.InteropServices;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Backends;

/// <summary>Who owns the folders that daemons write to after they gave up being root.</summary>
public static partial class Ownership
{
    /// <summary>User and group id of mailboxes: <c>nobody</c>, which exists everywhere.</summary>
    public const int MailUser = 65534;

    /// <summary>Makes a folder a system user's own.</summary>
    public static void Give(string path, string user)
    {
        var id = Command.RunAsync("id", ["-u", user]).GetAwaiter().GetResult().Succeeded().Output;
        Give(path, int.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <inheritdoc cref="Give(string, string)"/>
    public static void Give(string path, int user) => Assert.Equal(0, NativeChangeOwner(path, user, -1));

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeChangeOwner(string path, int user, int group);
}
