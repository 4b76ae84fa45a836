using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;
using TlsFront.Tests.Functional;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Transport.Managed;

public sealed class SocketConnectionFactoryTests
{
    [Fact]
    public async Task A_closed_connection_gives_its_memory_back_even_if_nobody_read_what_came()
    {
        using var pool = new CountingPool();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync("220 ready\r\n");
            await peer.ReadToEndAsync();
        });
        var connection = await new SocketConnectionFactory(pool).ConnectAsync(IPEndPoint.Parse(backend.Destination));
        await connection.Transport.Output.WriteAsync("EHLO laptop.example.net\r\n"u8.ToArray());
        var read = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(TestClient.Patience);
        Assert.Equal("220 ready\r\n", Encoding.ASCII.GetString(read.Buffer.ToArray()));
        await connection.DisposeAsync();
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (pool.Rented > 0)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    [Fact]
    public async Task A_connect_that_is_cancelled_ends()
    {
        using var pool = new CountingPool();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new SocketConnectionFactory(pool).ConnectAsync(new IPEndPoint(IPAddress.Loopback, 9), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_connection_comes_from_the_address_it_is_to_come_from()
    {
        using var pool = new CountingPool();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var connection = await new SocketConnectionFactory(pool).ConnectAsync(
            new OutboundEndPoint(IPAddress.Loopback, port, IPAddress.Parse("127.0.0.9")));
        using var accepted = await listener.AcceptSocketAsync();
        Assert.Equal("127.0.0.9", ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
    }

    [Fact]
    public async Task An_address_of_another_machine_is_none_to_come_from()
    {
        using var pool = new CountingPool();
        var failure = await Assert.ThrowsAsync<SocketException>(() =>
            new SocketConnectionFactory(pool).ConnectAsync(new OutboundEndPoint(IPAddress.Loopback, 9, IPAddress.Parse("192.0.2.1"))).AsTask());
        Assert.Equal(SocketError.AddressNotAvailable, failure.SocketErrorCode);
    }

    /// <summary>Kestrel's pool as far as a connection sees it.</summary>
    private sealed class CountingPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
    {
        private int _rented;

        public int Rented => Volatile.Read(ref _rented);

        public override int MaxBufferSize => 4096;

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Interlocked.Increment(ref _rented);
            return new Block(this);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(CountingPool pool) : IMemoryOwner<byte>
        {
            private readonly byte[] _bytes = new byte[4096];

            public Memory<byte> Memory => _bytes;

            public void Dispose() => Interlocked.Decrement(ref pool._rented);
        }
    }
}
