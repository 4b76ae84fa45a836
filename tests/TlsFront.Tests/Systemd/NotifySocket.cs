using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TlsFront.Systemd;

namespace TlsFront.Tests.Systemd;

/// <summary>A service manager's end of sd_notify.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _name;

    /// <param name="isAbstract">Whether its name is none of a file.</param>
    public NotifySocket(bool isAbstract = false)
    {
        _name = isAbstract ? $"@tlsfront-{Guid.NewGuid():N}" : Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.notify");
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + _name[1..] : _name));
    }

    /// <summary>The manager as the environment of a service names it.</summary>
    public ServiceManager Manager(TimeSpan? watchdog = null, int watchdogOf = 7) => ServiceManager.FromEnvironment(
        name => name switch
        {
            "NOTIFY_SOCKET" => _name,
            "WATCHDOG_USEC" => watchdog?.TotalMicroseconds.ToString(CultureInfo.InvariantCulture),
            "WATCHDOG_PID" => watchdogOf.ToString(CultureInfo.InvariantCulture),
            _ => null,
        },
        processId: 7);

    /// <summary>The next message with <paramref name="part"/> in it.</summary>
    public async Task<string> ReceiveAsync(string part)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        while (true)
        {
            var message = Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
            if (message.Contains(part, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    /// <summary>Whether there is one that was not received.</summary>
    public bool HasMessage => _socket.Available > 0;

    /// <summary>Drops all that were not received.</summary>
    public void Discard()
    {
        while (HasMessage)
        {
            _socket.Receive(new byte[4096]);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_name);
    }
}
