using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Transport;
using TlsFront.Tls;
using TlsFront.Transport;

namespace TlsFront.Tests.Admission;

public sealed class ProxyHeaderMiddlewareTests : IDisposable
{
    private const string LoadBalancer = "10.0.0.1:4000";
    private const string Header = "PROXY TCP4 203.0.113.5 198.51.100.10 51000 993\r\n";

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ScriptedBytes _bytes = new();
    private bool _isServed;

    public void Dispose() => _abort.Dispose();

    [Fact]
    public async Task A_trusted_header_tells_the_client_and_nothing_behind_it_is_taken()
    {
        _bytes.Send(Header + "TLS");
        var record = await RunAsync();
        Assert.True(_isServed);
        Assert.Equal(
            ("203.0.113.5:51000", "198.51.100.10:993", LoadBalancer),
            (record.Facts.Client.ToString(), record.Facts.Local.ToString(), record.Via?.ToString()));
        Assert.Equal("TLS", _bytes.Rest);
        Assert.False(record.IsUnannounced);
    }

    [Theory]
    [InlineData(Header)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0f\xcb\0\x71\x05\xc6\x33\x64\x0a\xc7\x38\x03\xe1\x04\0\0")]
    public async Task However_it_is_cut(string header)
    {
        for (var cut = 1; cut < header.Length; cut++)
        {
            var bytes = new ScriptedBytes();
            var running = RunAsync(bytes);
            bytes.Send(header[..cut]);
            Assert.False(running.IsCompleted);
            bytes.Send(header[cut..] + "TLS");
            Assert.Equal("203.0.113.5:51000", (await running).Facts.Client.ToString());
            Assert.Equal("TLS", bytes.Rest);
        }
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0")]
    public async Task A_load_balancer_that_speaks_for_itself_is_the_client(string header)
    {
        _bytes.Send(header);
        var record = await RunAsync();
        Assert.True(_isServed);
        Assert.Equal((LoadBalancer, null), (record.Facts.Client.ToString(), record.Via));
        Assert.True(record.IsUnannounced);
    }

    [Fact]
    public async Task A_destination_that_is_no_address_leaves_the_connections_own()
    {
        _bytes.Send("PROXY TCP4 203.0.113.9 unix:/run/nginx.sock 4711 0\r\n");
        var own = TestRecords.Create().Facts.Local;
        var record = await RunAsync();
        Assert.True(_isServed);
        Assert.Equal(("203.0.113.9:4711", own), (record.Facts.Client.ToString(), record.Facts.Local));
    }

    [Theory]
    [InlineData("05000A abc-123:45", "abc-123:45", null)]
    [InlineData("050003 \r\nx", "0D0A78", null)]
    [InlineData("020010 MAIL.example.com", null, "mail.example.com")]
    [InlineData("020007 a\nb.com", null, null)]
    public async Task What_it_says_besides_is_kept_if_it_is_fit_for_a_log(string field, string? id, string? name)
    {
        var tlv = Convert.FromHexString(field[..6]).Concat(Encoding.Latin1.GetBytes(field[7..])).ToArray();
        byte[] header =
        [
            .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, (byte)(12 + tlv.Length), 203, 0, 113, 5, 198, 51, 100, 10, 0xC7, 0x38, 3, 0xE1, .. tlv
        ];
        _bytes.Send(Encoding.Latin1.GetString(header));
        var record = await RunAsync();
        Assert.Equal((id, name), (record.ViaId, record.ViaServerName));
    }

    [Theory]
    [InlineData("\x16\x03\x01", CloseReason.ProxyHeaderMissing)]
    [InlineData("PROXY nonsense\r\n", CloseReason.ProxyHeaderInvalid)]
    public async Task Anything_else_from_a_load_balancer_ends_the_connection(string bytes, object reason)
    {
        _bytes.Send(bytes);
        Assert.Equal((CloseReason)reason, (await RunAsync()).CloseReason);
        Assert.False(_isServed);
    }

    [Theory]
    [InlineData("", CloseReason.ClientClosed)]
    [InlineData("PROXY TCP4", CloseReason.ProxyHeaderInvalid)]
    public async Task An_end_before_the_header_is_told(string bytes, object reason)
    {
        _bytes.Send(bytes);
        _bytes.End();
        var record = await RunAsync();
        Assert.Equal((CloseReason)reason, record.CloseReason);
        Assert.Equal(bytes.Length == 0, record.IsBalancerCheck);
        Assert.Equal(bytes.Length > 0, record.Detail!.EndsWith($": \"{bytes}\"", StringComparison.Ordinal));
        Assert.False(_isServed);
    }

    [Theory]
    [InlineData("", "load balancer sent nothing in time")]
    [InlineData("PROXY TCP4", "load balancer's PROXY header was not complete in time: \"PROXY TCP4\"")]
    public async Task A_header_has_its_deadline(string bytes, string detail)
    {
        var running = RunAsync();
        _bytes.Send(bytes);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var record = await running;
        Assert.Equal((CloseReason.ProxyHeaderTimeout, detail), (record.CloseReason, record.Detail));
        Assert.False(_isServed);
    }

    [Fact]
    public async Task A_gateway_that_ends_at_once_waits_for_no_header()
    {
        var running = RunAsync();
        await _abort.CancelAsync();
        Assert.Equal(CloseReason.Aborted, (await running).CloseReason);
    }

    [Theory]
    [InlineData(false, true, CloseReason.None)]
    [InlineData(true, false, CloseReason.Denied)]
    public async Task Others_are_clients_themselves_or_refused_and_not_a_byte_is_looked_at(bool refusesOthers, bool isServed, object reason)
    {
        var record = await RunAsync(client: "192.0.2.1:4000", refusesOthers: refusesOthers);
        Assert.Equal((isServed, (CloseReason)reason, "192.0.2.1:4000"), (_isServed, record.CloseReason, record.Facts.Client.ToString()));
        Assert.Equal(0, _bytes.Peeks);
    }

    [Fact]
    public async Task Where_it_is_off_not_a_byte_is_looked_at()
    {
        await RunAsync(isOff: true);
        Assert.True(_isServed);
        Assert.Equal(0, _bytes.Peeks);
    }

    private Task<ConnectionRecord> RunAsync(ScriptedBytes? bytes = null, string client = LoadBalancer, bool refusesOthers = false, bool isOff = false)
    {
        var record = TestRecords.Create();
        record.Facts.Client = IPEndPoint.Parse(client);
        var context = new DefaultConnectionContext();
        context.Features.Set(record);
        context.Features.Set(new TimeoutSettings());
        context.Features.Set<IMailTransport>(bytes ?? _bytes);
        if (!isOff)
        {
            context.Features.Set(new ProxyHeaderSettings(NetworkSet.Of([IPNetwork.Parse("10.0.0.0/8")]), refusesOthers));
        }

        return RunAsync(context, record);
    }

    private async Task<ConnectionRecord> RunAsync(ConnectionContext context, ConnectionRecord record)
    {
        await new ProxyHeaderMiddleware(
            _ =>
            {
                _isServed = true;
                return Task.CompletedTask;
            },
            _time, _abort.Token).OnConnectionAsync(context);
        return record;
    }

    /// <summary>A client's bytes as a transport shows them.</summary>
    private sealed class ScriptedBytes : IMailTransport
    {
        private string _bytes = "";
        private bool _ended;
        private int _atLeast;
        private TaskCompletionSource? _waiting;

        public int Peeks { get; private set; }

        public string Rest => _bytes;

        public CancellationToken ClientLeft => throw new NotSupportedException();

        public void Send(string bytes)
        {
            _bytes += bytes;
            Answer();
        }

        public void End()
        {
            _ended = true;
            Answer();
        }

        public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int atLeast, CancellationToken stop)
        {
            Peeks++;
            _atLeast = atLeast;
            var waiting = _waiting = new TaskCompletionSource();
            Answer();
            await using var registration = stop.Register(() => waiting.TrySetResult());
            await waiting.Task;
            return Encoding.Latin1.GetBytes(_bytes);
        }

        public bool SpeaksLegacyTls => false;

        public void Skip(int count) => _bytes = _bytes[count..];

        public ValueTask<TlsOutcome> SecureAsync(TlsPolicy policy, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<Outcome> RunAsync(MailMachine machine, ConnectionContext? backend, CancellationToken stop) =>
            throw new NotSupportedException();

        public ValueTask SayGoodbyeAsync(CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<IFrozenSession?> FreezeAsync() => throw new NotSupportedException();

        public void Post(Signal signal) => throw new NotSupportedException();

        private void Answer()
        {
            if (_bytes.Length >= _atLeast || _ended)
            {
                _waiting?.TrySetResult();
            }
        }
    }
}
