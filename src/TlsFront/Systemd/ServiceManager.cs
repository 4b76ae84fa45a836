using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TlsFront.Systemd;

/// <summary>
/// The service manager that started this process, told of it by sd_notify(3). It is there whenever <c>NOTIFY_SOCKET</c> is: who the parent process is
/// cannot be seen under <c>ProtectProc=invisible</c>.
/// </summary>
/// <param name="address">Its datagram socket, a path or an abstract name; null if nobody wants to be told.</param>
/// <param name="watchdog">How long it waits for the next sign of life before it restarts the process; null for ever.</param>
internal sealed class ServiceManager(UnixDomainSocketEndPoint? address, TimeSpan? watchdog)
{
    /// <summary>For a socket nobody reads from, in milliseconds.</summary>
    private const int SendTimeout = 1000;

    /// <summary>Whether anybody wants to be told.</summary>
    public bool IsPresent => address is not null;

    /// <summary>How long it waits for the next sign of life before it restarts the process; null for ever.</summary>
    public TimeSpan? Watchdog => watchdog;

    /// <summary>The one that the environment names.</summary>
    /// <param name="variable">Value of an environment variable.</param>
    /// <param name="processId">This process; the watchdog may be meant for another.</param>
    public static ServiceManager FromEnvironment(Func<string, string?> variable, int processId)
    {
        UnixDomainSocketEndPoint? address = variable("NOTIFY_SOCKET") switch
        {
            ['/', ..] path => new(path),
            ['@', .. var name] => new('\0' + name),
            _ => null,
        };
        var isOurs = variable("WATCHDOG_PID") is not { Length: > 0 } owner || owner == processId.ToString(CultureInfo.InvariantCulture);
        var hasWatchdog = long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds > 0;
        return new(address, address is not null && isOurs && hasWatchdog ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>Notifies it; false if that was not possible.</summary>
    /// <param name="assignments">Such as <c>READY=1</c>; all of one call are taken together.</param>
    public bool Notify(params ReadOnlySpan<string> assignments)
    {
        if (address is null)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = SendTimeout };
            socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
