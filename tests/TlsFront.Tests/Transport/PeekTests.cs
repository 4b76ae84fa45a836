using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;
using TlsFront.Transport;
using TlsFront.Transport.Managed;
using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport;

/// <summary>Looking at a client's first bytes on real sockets, and what the next stage then finds: the same on both engines.</summary>
public sealed class PeekTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_are_shown_again_and_again_until_they_are_skipped(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        await rig.SendAsync("one");
        Assert.Equal("one", await rig.PeekAsync(1));
        Assert.Equal("one", await rig.PeekAsync(3));
        await rig.SendAsync("two");
        Assert.Equal("onetwo", await rig.PeekAsync(6));
        rig.Transport.Skip(4);
        Assert.Equal("wo", await rig.PeekAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_waits_for_as_many_as_are_asked_for_however_they_come(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        foreach (var letter in "0123456789")
        {
            Assert.False(shown.IsCompleted);
            await rig.SendAsync(letter.ToString());
        }

        Assert.Equal("0123456789", await shown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_is_usual_can_be_asked_for(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        var text = new string('x', 4096);
        await rig.SendAsync(text);
        Assert.StartsWith(text, await rig.PeekAsync(4096), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_ends_shows_what_it_sent(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        await rig.SendAsync("few");
        rig.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("few", await shown);
        Assert.Equal("few", await rig.PeekAsync(10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_resets_shows_nothing(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        rig.Client.LingerState = new LingerOption(true, 0);
        rig.Client.Dispose();
        Assert.Equal("", await shown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reset_after_bytes_were_shown_is_for_the_next_stage_to_find(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        await rig.SendAsync("few");
        Assert.Equal("few", await rig.PeekAsync(3));
        rig.Client.LingerState = new LingerOption(true, 0);
        rig.Client.Dispose();
        await rig.PeekAsync(10);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await rig.PeekAsync(10, stopped.Token);
        rig.Transport.Skip(3);
        Assert.Equal("", await rig.PeekAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_wait_ends_when_told_to_and_may_be_taken_up_again(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        await rig.SendAsync("few");
        await rig.PeekAsync(3);
        using var stop = new CancellationTokenSource();
        var shown = rig.PeekAsync(10, stop.Token);
        await stop.CancelAsync();
        Assert.Equal("few", await shown);
        Assert.Equal("few", await rig.PeekAsync(10, stop.Token));
        var again = rig.PeekAsync(4);
        await rig.SendAsync("!");
        Assert.Equal("few!", await again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_abort_ends_the_wait(bool isNative)
    {
        await using var rig = await Rig.StartAsync(isNative);
        var shown = rig.PeekAsync(10);
        rig.Abort();
        Assert.Equal("", await shown);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task What_follows_the_skipped_bytes_is_TLS(bool isNative, bool isOneSegment)
    {
        using var policy = new TestPolicy();
        await using var rig = await Rig.StartAsync(isNative);
        var secured = rig.SkipAndSecureAsync("header".Length, policy);
        await using var stream = new NetworkStream(rig.Client);
        await using Stream sent = isOneSegment ? new BufferedStream(stream) : stream;
        await sent.WriteAsync("header"u8.ToArray());
        await using var tls = new SslStream(sent);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mail.example.com",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        }).WaitAsync(TestClient.Patience);
        Assert.True(await secured);
    }

    private sealed class Rig : IAsyncDisposable
    {
        private readonly NativeEngine? _engine;
        private IConnectionListener _listener = null!;
        private ConnectionContext _connection = null!;

        private Rig(NativeEngine? engine) => _engine = engine;

        public Socket Client { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public IMailTransport Transport { get; private set; } = null!;

        public static async Task<Rig> StartAsync(bool isNative)
        {
            NativeEngine? engine = null;
            Assert.True(
                !isNative
                    || NativeEngine.TryCreate(
                        new NativeSettings { Loops = 1 }, null, TimeProvider.System, NullLoggerFactory.Instance, out engine, out _));
            var factory = engine?.Transport.Listeners
                ?? new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
            var rig = new Rig(engine) { _listener = await factory.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)) };
            await rig.Client.ConnectAsync(rig._listener.EndPoint);
            rig._connection = (await rig._listener.AcceptAsync())!;
            rig.Transport = rig._connection.Features.Get<IMailTransport>()
                ?? new ManagedMailTransport(rig._connection, TestRecords.Create(), new TimeoutSettings(), TimeProvider.System);
            return rig;
        }

        public async Task SendAsync(string text) => await Client.SendAsync(Encoding.Latin1.GetBytes(text)).WaitAsync(TestClient.Patience);

        public async Task<string> PeekAsync(int atLeast, CancellationToken stop = default) =>
            Encoding.Latin1.GetString((await Transport.PeekAsync(atLeast, stop).AsTask().WaitAsync(TestClient.Patience, Never)).Span);

        public async Task<bool> SkipAndSecureAsync(int count, TestPolicy policy)
        {
            await PeekAsync(count);
            Transport.Skip(count);
            return (await Transport.SecureAsync(policy.Policy, Never).AsTask().WaitAsync(TestClient.Patience)).Facts is not null;
        }

        public void Abort() => _connection.Abort(new ConnectionAbortedException());

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _connection.DisposeAsync();
            if (Transport is IAsyncDisposable managed and not ConnectionContext)
            {
                await managed.DisposeAsync();
            }

            await _listener.DisposeAsync();
            _engine?.Dispose();
            Assert.Equal((0, 0, 0, 0, 0), _engine?.Objects.Live ?? default);
        }
    }
}
