using System.Net;
using System.Runtime.InteropServices;

namespace TlsFront.Systemd;

/// <summary>
/// The listening sockets this process inherited (socket activation). A listener takes over the one that is bound to its address, so the settings stay
/// true whoever binds; names of sockets mean nothing but help in messages.
/// </summary>
internal sealed partial class InheritedSockets
{
    /// <summary>The first of them, by convention: SD_LISTEN_FDS_START.</summary>
    private const int FirstDescriptor = 3;

    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int CloseOnExec = 1; // FD_CLOEXEC

    private readonly List<InheritedSocket> _sockets = [];
    private readonly List<string> _problems = [];

    private InheritedSockets()
    {
    }

    /// <summary>Takes those the environment tells of, and the variables out of it. Once, at the start.</summary>
    public static InheritedSockets Take()
    {
        if (!OperatingSystem.IsLinux())
        {
            return new();
        }

        var sockets = Read(Environment.GetEnvironmentVariable, Environment.ProcessId);
        foreach (var name in ListenVariables.All)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        return sockets;
    }

    /// <summary>Reads what the variables tell, and looks at the sockets. No process that this one starts gets them.</summary>
    /// <param name="variable">Value of an environment variable.</param>
    /// <param name="processId">This process.</param>
    /// <param name="first">Descriptor of the first one; the others follow.</param>
    public static InheritedSockets Read(Func<string, string?> variable, int processId, int first = FirstDescriptor)
    {
        var sockets = new InheritedSockets();
        var names = ListenVariables.Read(variable, processId, out var problem);
        if (problem is not null)
        {
            sockets._problems.Add(problem);
        }

        for (var i = 0; i < names.Count; i++)
        {
            sockets.Add(first + i, names[i]);
        }

        return sockets;
    }

    /// <summary>The one that listens on <paramref name="address"/>; null if there is none, and the address is to be bound.</summary>
    public InheritedSocket? Find(IPEndPoint address) => _sockets.Find(socket => socket.Address.Equals(address));

    /// <summary>
    /// What is wrong with them, each in a sentence with its remedy. A socket that is none of <paramref name="addresses"/>, all that the gateway
    /// listens on, is wrong too: clients would connect to it, and nobody would ever answer.
    /// </summary>
    public IReadOnlyList<string> Problems(IEnumerable<IPEndPoint> addresses)
    {
        var unclaimed = _sockets.Where(socket => !addresses.Contains(socket.Address)).Select(static socket =>
            $"{socket} listens on {Words(socket.Address)}, and no listener has that address; "
            + "write it into listeners[].address, or take its ListenStream= out of the .socket unit");
        return [.. _problems, .. unclaimed];
    }

    private void Add(int descriptor, string name)
    {
        if (SetFlags(descriptor, SetDescriptorFlags, CloseOnExec) != 0)
        {
            _problems.Add(
                $"{InheritedSocket.Call(descriptor, name)} is not open; let the service manager start tlsfront itself, "
                + "without a program between them that closes what it inherits");
        }
        else if (!InheritedSocket.TryInspect(descriptor, name, out var inherited, out var problem))
        {
            _problems.Add(problem);
        }
        else if (Find(inherited.Address) is { } other)
        {
            _problems.Add(
                $"{inherited} listens on {Words(inherited.Address)} as {other} does; "
                + "one of the two would never be answered: leave one ListenStream= in the .socket units");
        }
        else
        {
            _sockets.Add(inherited);
        }
    }

    /// <summary>As it is written in the settings.</summary>
    private static string Words(IPEndPoint address) => address.Address.Equals(IPAddress.IPv6Any) ? $"*:{address.Port}" : address.ToString();

    /// <summary>fcntl(2), which the runtime has no call for.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(int descriptor, int operation, int flags);
}
