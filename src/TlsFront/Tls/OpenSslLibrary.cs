using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using TlsFront.Configuration;

namespace TlsFront.Tls;

/// <summary>
/// libssl and libcrypto: the system's, or those of <c>native.openssl</c>. One pair serves the whole process: the dynamic loader reuses a library that
/// is loaded under the same name, so libssl and .NET's own cryptography find this libcrypto. It must be loaded before anything asks for cryptography.
/// </summary>
internal static unsafe class OpenSslLibrary
{
    public const string Ssl = NativeSettings.SslLibrary;
    public const string Crypto = NativeSettings.CryptoLibrary;

    // OPENSSL_VERSION_STRING of crypto.h.
    private const int VersionString = 6;

    private static readonly Lock Gate = new();
    private static nint _ssl;
    private static nint _crypto;
    private static string? _folder;

    /// <summary>Its version, such as "3.0.22"; null as long as it is not loaded.</summary>
    public static string? Version { get; private set; }

    /// <summary>Loads the pair, once; false if it cannot be used, and <paramref name="obstacle"/> says why and what would help.</summary>
    /// <param name="folder">Where it is; null for the system's.</param>
    /// <param name="obstacle">For an operator.</param>
    public static bool TryLoad(string? folder, [NotNullWhen(false)] out string? obstacle)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            obstacle = "the native engine runs on Linux on x64 and arm64 only";
            return false;
        }

        lock (Gate)
        {
            obstacle = Version is null ? Load(folder)
                : folder is null || folder == _folder ? null
                : $"this process uses OpenSSL {Version} of {_folder ?? "the system"} already; restart it";
            return obstacle is null;
        }
    }

    private static string? Load(string? folder)
    {
        if (folder is not null && FindLoaded(Crypto).FirstOrDefault() is { } loaded)
        {
            return $"{loaded} is loaded already, and a process has one; set LD_LIBRARY_PATH={folder} instead";
        }

        if (Load(folder, Crypto, out _crypto) is { } obstacle)
        {
            return obstacle;
        }

        if (Load(folder, Ssl, out _ssl) is { } second)
        {
            // Or .NET's cryptography would be given a libssl of the system with it.
            NativeLibrary.Free(_crypto);
            return second;
        }

        if (!NativeLibrary.TryGetExport(_crypto, "OpenSSL_version", out var version))
        {
            return $"{Crypto} is not OpenSSL's: it has no OpenSSL_version";
        }

        if (folder is not null && FindLoaded(Crypto).Count() > 1)
        {
            // Another loader than glibc's may go by paths.
            return $"{Ssl} brought in another {Crypto}; set LD_LIBRARY_PATH={folder} instead";
        }

        (Version, _folder) = (Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<int, byte*>)version)(VersionString)), folder);
        NativeLibrary.SetDllImportResolver(
            typeof(OpenSslLibrary).Assembly, static (name, _, _) => name switch { Ssl => _ssl, Crypto => _crypto, _ => 0 });
        return null;
    }

    private static string? Load(string? folder, string name, out nint library)
    {
        if (folder is null)
        {
            return NativeLibrary.TryLoad(name, out library)
                ? null
                : $"the native engine needs OpenSSL 3, and {name} is not there; install the package libssl3 (Debian 12), "
                    + "libssl3t64 (Debian 13, Ubuntu 24.04), openssl-libs (Fedora, RHEL) or libssl3 (Alpine)";
        }

        try
        {
            library = NativeLibrary.Load(Path.Combine(folder, name));
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            library = 0;

            // The loader's own words come last.
            return $"{exception.Message.TrimEnd().Split('\n')[^1]}; it must be an OpenSSL 3 for this system and processor";
        }
    }

    /// <summary>Where the process has a library of that name from.</summary>
    private static IEnumerable<string> FindLoaded(string name) =>
        File.ReadLines("/proc/self/maps")
            .Select(static line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
            .Distinct();
}
