using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using TlsFront.Handover;

namespace TlsFront.Tests.Handover;

/// <summary>Messages and descriptors between two processes.</summary>
[SupportedOSPlatform("linux")]
public sealed class HandoverChannelTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");
    private readonly Socket _raw;
    private readonly HandoverChannel _sender;
    private readonly HandoverChannel _receiver;

    public HandoverChannelTests()
    {
        var place = new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "s"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(place);
        listener.Listen();
        _raw = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _raw.Connect(place);
        _sender = new HandoverChannel(_raw, Patience);
        _receiver = new HandoverChannel(listener.Accept(), Patience);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task A_message_arrives_whole_however_long_it_is(int length)
    {
        var payload = RandomNumberGenerator.GetBytes(length);
        var sending = Task.Run(() => _sender.Send(MessageKind.Session, payload));

        using var message = await Task.Run(_receiver.Receive).WaitAsync(Patience);

        Assert.NotNull(message);
        Assert.Equal(MessageKind.Session, message.Kind);
        Assert.True(message.Payload.SequenceEqual(payload));
        await sending;
    }

    [Fact]
    public void A_socket_arrives_with_its_message_and_works_when_the_first_descriptor_is_closed()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((System.Net.IPEndPoint)listener.LocalEndpoint);
        using (var server = listener.AcceptSocket())
        {
            _sender.Send(MessageKind.Listener, [1], []);
            _sender.Send(MessageKind.Session, [2], (int)server.Handle);
            _sender.Send(MessageKind.Serve, [3], []);
        }

        using var before = _receiver.Receive();
        using var message = _receiver.Receive();
        using var after = _receiver.Receive();

        Assert.Equal((0, 1, 0), (before!.Descriptors, message!.Descriptors, after!.Descriptors));
        using var taken = new Socket(new SafeSocketHandle(message.Take(0), ownsHandle: true));
        taken.Send("hello"u8);
        var received = new byte[5];
        client.GetStream().ReadExactly(received);
        Assert.Equal("hello"u8.ToArray(), received);
    }

    /// <summary>Whoever waits at the other end sees it: nothing else holds the socket open.</summary>
    [Fact]
    public void A_descriptor_that_nobody_takes_is_closed()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((System.Net.IPEndPoint)listener.LocalEndpoint);
        using (var server = listener.AcceptSocket())
        {
            _sender.Send(MessageKind.Session, [], (int)server.Handle);
        }

        _receiver.Receive()!.Dispose();

        Assert.Equal(0, client.GetStream().Read(new byte[1]));
    }

    [Fact]
    public void The_end_between_messages_is_no_error_and_within_one_it_is()
    {
        _sender.Send(MessageKind.Ready);
        _raw.Send([(byte)MessageKind.Session, 0, 0, 0, 10, 0, 0, 0, 1, 2, 3]);
        _raw.Shutdown(SocketShutdown.Send);

        _receiver.Receive()!.Dispose();
        Assert.Contains("within a message", Assert.Throws<HandoverException>(_receiver.Receive).Message, StringComparison.Ordinal);
        Assert.Null(_receiver.Receive());
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, (8 << 20) + 1)]
    [InlineData(2, 0)]
    public void What_is_no_message_is_refused_and_nothing_is_allocated_for_it(byte descriptors, int length)
    {
        _raw.Send([(byte)MessageKind.Session, descriptors, 0, 0, .. BitConverter.GetBytes(length)]);

        Assert.Contains("no message of a handover", Assert.Throws<HandoverException>(_receiver.Receive).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_says_nothing_is_not_waited_for_for_ever()
    {
        _receiver.ReceiveTimeout = TimeSpan.FromMilliseconds(50);

        Assert.Contains("nothing came", Assert.Throws<HandoverException>(_receiver.Receive).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_wakes_whoever_waits()
    {
        _receiver.ReceiveTimeout = Timeout.InfiniteTimeSpan;
        var waiting = Task.Run(_receiver.Receive);

        _receiver.Dispose();

        Assert.Null(await waiting.WaitAsync(Patience));
    }

    [Fact]
    public void The_kernel_tells_who_is_at_the_other_end() => Assert.Equal(Environment.ProcessId, PeerCredentials.ProcessIdOf(_raw));
}
