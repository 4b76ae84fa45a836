using System.Net;

namespace TlsFront.Configuration;

/// <summary>The admin endpoint: metrics, health, status, and the commands of an operator.</summary>
/// <param name="Address">Defaults to 127.0.0.1:9090: it is plain HTTP, and reading takes no authentication. Cold.</param>
internal sealed record AdminSettings(IPEndPoint Address)
{
    /// <summary>The defaults.</summary>
    public AdminSettings()
        : this(new IPEndPoint(IPAddress.Loopback, 9090))
    {
    }

    /// <summary>Rights of a Unix socket unless configured: its owner's, and root's.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Names other than this machine's own by which requests over TCP may ask.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Full path of the Unix socket that offers the same; null for none. Cold.</summary>
    public string? Socket { get; init; }

    /// <summary>Who may connect there, and thereby give commands. Cold.</summary>
    public UnixFileMode SocketMode { get; init; } = OwnerOnly;

    /// <summary>Full path of the file with the secret that commands over TCP need; null if there are none.</summary>
    public string? TokenFile { get; init; }
}
