using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace TlsFront.Inventory;

/// <summary>
/// The system's SQLite, whose updates come with the system's. On Linux it goes by the name of its interface: the plain one is of packages for those
/// who compile.
/// </summary>
internal static class SqliteLibrary
{
    private const string Library = "libsqlite3.so.0";

    private static readonly Lock Gate = new();
    private static bool _isLoaded;

    /// <summary>Makes it ready; false if there is none.</summary>
    public static bool TryLoad([NotNullWhen(false)] out string? problem)
    {
        problem = null;
        lock (Gate)
        {
            if (_isLoaded)
            {
                return true;
            }

            if (OperatingSystem.IsLinux())
            {
                if (!NativeLibrary.TryLoad(Library, out var handle))
                {
                    problem = $"this system has no {Library}; install SQLite (Debian: apt-get install libsqlite3-0)";
                    return false;
                }

                NativeLibrary.SetDllImportResolver(
                    typeof(SQLite3Provider_sqlite3).Assembly, (name, _, _) => name == "sqlite3" ? handle : IntPtr.Zero);
            }

            raw.SetProvider(new SQLite3Provider_sqlite3());
            return _isLoaded = true;
        }
    }
}
