using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TlsFront.Systemd;

namespace TlsFront.Tests.Systemd;

public sealed partial class InheritedSocketsTests
{
    private const int GetDescriptorFlags = 1; // F_GETFD

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_listening_socket_is_found_by_its_address_and_by_no_other(string address)
    {
        using var socket = new ManagedSocket(new IPEndPoint(IPAddress.Parse(address), 0));
        var inherited = Read((int)socket.Socket.Handle);
        Assert.Equal((int)socket.Socket.Handle, inherited.Find(socket.Address)!.Descriptor);
        Assert.Null(inherited.Find(new IPEndPoint(IPAddress.Any, socket.Address.Port)));
        Assert.Null(inherited.Find(new IPEndPoint(IPAddress.IPv6Any, socket.Address.Port)));
        Assert.Null(inherited.Find(new IPEndPoint(socket.Address.Address, socket.Address.Port ^ 1)));
        Assert.Empty(inherited.Problems([socket.Address]));
    }

    [Fact]
    public void One_on_all_addresses_is_that_of_a_star()
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        socket.Listen();
        Assert.NotNull(Read((int)socket.Handle).Find((IPEndPoint)socket.LocalEndPoint!));
    }

    [Fact]
    public void One_on_all_addresses_of_IPv6_alone_is_not()
    {
        using var alone = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false };
        alone.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        alone.Listen();
        Assert.Contains("BindIPv6Only=both", Problem(alone), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_no_listener_has_is_a_problem_with_its_address_and_the_remedy()
    {
        using var socket = new ManagedSocket();
        var problem = Assert.Single(Read((int)socket.Socket.Handle).Problems([new IPEndPoint(IPAddress.Loopback, 1)]));
        Assert.Equal(
            $"socket {socket.Socket.Handle} (imaps) of the service manager listens on {socket.Address}, and no listener has that address; "
            + "write it into listeners[].address, or take its ListenStream= out of the .socket unit",
            problem);
    }

    [Fact]
    public void Two_with_one_address_are_a_problem()
    {
        using var socket = new ManagedSocket();
        var descriptors = new List<SafeSocketHandle>();
        int first;
        int second;
        do
        {
            // Far from those of other tests; where one is in the way all the same, behind it.
            first = socket.HandOver(lowest: 700);
            second = socket.HandOver(first + 1);
            descriptors.AddRange([new(first, ownsHandle: true), new(second, ownsHandle: true)]);
        }
        while (second != first + 1);

        Assert.Contains("would never be answered", Assert.Single(Read(first, count: 2).Problems([socket.Address])), StringComparison.Ordinal);
        descriptors.ForEach(static descriptor => descriptor.Dispose());
    }

    [Fact]
    public void What_is_no_socket_is_a_problem()
    {
        using var file = File.OpenHandle("/dev/null");
        Assert.Contains("is no TCP socket", Problem(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_datagram_socket_is_a_problem()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Contains(
            "is no TCP socket but of the kind InterNetwork, Dgram; of the sockets in its .socket unit the gateway takes those of ListenStream=",
            Problem(socket), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Unix_socket_is_a_problem()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Contains("is no TCP socket but of the kind Unix, Stream", Problem(socket), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_does_not_listen_is_a_problem()
    {
        using var listening = new ManagedSocket();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listening.Address);
        Assert.Contains("does not listen; write Accept=no", Problem(socket), StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_a_problem() =>
        Assert.Contains("is not open", Assert.Single(Read(first: 1_000_000).Problems([])), StringComparison.Ordinal);

    [Fact]
    public void Variables_that_are_garbage_are_a_problem() => Assert.StartsWith(
        "LISTEN_FDS is 'garbage'",
        Assert.Single(InheritedSockets.Read(static name => name == "LISTEN_FDS" ? "garbage" : "7", processId: 7).Problems([])),
        StringComparison.Ordinal);

    [Fact]
    public void No_child_gets_them()
    {
        using var socket = new ManagedSocket();
        using var descriptor = new SafeSocketHandle(socket.HandOver(), ownsHandle: true);
        Assert.Equal(0, GetFlags((int)descriptor.DangerousGetHandle(), GetDescriptorFlags));
        Read((int)descriptor.DangerousGetHandle());
        Assert.Equal(1, GetFlags((int)descriptor.DangerousGetHandle(), GetDescriptorFlags));
    }

    [Fact]
    public void The_variables_are_taken_out_of_the_environment_whoever_they_are_for()
    {
        // Process 1 is another's for certain, so that nothing is taken over here or by any gateway that a test starts meanwhile.
        Environment.SetEnvironmentVariable("LISTEN_FDNAMES", "imaps");
        Environment.SetEnvironmentVariable("LISTEN_FDS", "1");
        Environment.SetEnvironmentVariable("LISTEN_PID", "1");
        Assert.Empty(InheritedSockets.Take().Problems([]));
        Assert.All(ListenVariables.All, name => Assert.Null(Environment.GetEnvironmentVariable(name)));
    }

    private static string Problem(Socket socket) => Problem((int)socket.Handle);

    private static string Problem(SafeFileHandle file) => Problem((int)file.DangerousGetHandle());

    private static string Problem(int descriptor)
    {
        var problem = Assert.Single(Read(descriptor).Problems([]));
        Assert.StartsWith($"socket {descriptor} (imaps) of the service manager ", problem, StringComparison.Ordinal);
        return problem;
    }

    private static InheritedSockets Read(int first, int count = 1) => InheritedSockets.Read(
        name => name switch
        {
            "LISTEN_PID" => "7",
            "LISTEN_FDS" => count.ToString(CultureInfo.InvariantCulture),
            _ => "imaps",
        },
        processId: 7,
        first);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int GetFlags(int descriptor, int operation, int unused = 0);
}
