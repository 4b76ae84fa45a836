using System.Net;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admission;

public sealed class ClientLimitsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SettingsStore _settings = new(TestGateway.Settings("/nowhere"));
    private readonly ClientLimits _limits;

    public ClientLimitsTests() => _limits = new ClientLimits(_settings, _time);

    public void Dispose() => _limits.Dispose();

    [Fact]
    public void By_default_there_are_none()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
        }
    }

    [Fact]
    public void Connections_of_a_client_are_counted_until_they_end()
    {
        Set(new() { ConnectionsPerClient = 2 });
        Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
        Assert.Equal(CloseReason.None, Enter("192.0.2.1", out var second));
        Assert.Equal(CloseReason.LimitClientConnections, Enter("192.0.2.1", out var refused));
        Assert.Null(refused);
        Assert.Equal(CloseReason.None, Enter("192.0.2.2"));
        _limits.Leave(second);
        Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
    }

    [Fact]
    public void Each_rate_has_its_reason_and_what_one_refuses_the_next_does_not_count()
    {
        Set(new() { ConnectionRate = new(3, TimeSpan.FromMinutes(1)), HandshakeRate = new(2, TimeSpan.FromMinutes(1)), ConnectionsPerClient = 5 });
        Assert.Equal(
            [CloseReason.None, CloseReason.None, CloseReason.LimitHandshakeRate, CloseReason.LimitConnectionRate],
            Enumerable.Range(0, 4).Select(_ => Enter("192.0.2.1")));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
        Assert.Equal(CloseReason.LimitConnectionRate, Enter("192.0.2.1"));
    }

    [Fact]
    public void A_refused_handshake_gives_its_connection_back()
    {
        Set(new() { HandshakeRate = new(1, TimeSpan.FromMinutes(1)), ConnectionsPerClient = 2 });
        Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CloseReason.LimitHandshakeRate, Enter("192.0.2.1"));
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", 32, 64, false)]
    [InlineData("192.0.2.1", "192.0.2.254", 24, 64, true)]
    [InlineData("192.0.2.1", "192.0.3.1", 24, 64, false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", 32, 64, true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", 32, 64, false)]
    [InlineData("2001:db8::1", "2001:db8:0:ff::1", 32, 56, true)]
    [InlineData("2001:db8::1", "2001:db8::2", 32, 128, false)]
    [InlineData("192.0.2.1", "::c000:201", 32, 128, false)]
    [InlineData("0.0.0.0", "::", 8, 16, false)]
    public void A_client_is_a_prefix(string one, string other, int v4, int v6, bool isSame)
    {
        Set(new() { ConnectionsPerClient = 1, V4Prefix = v4, V6Prefix = v6 });
        Assert.Equal(CloseReason.None, Enter(one));
        Assert.Equal(isSame ? CloseReason.LimitClientConnections : CloseReason.None, Enter(other));
    }

    [Fact]
    public void Exempt_clients_have_no_limit()
    {
        Set(new()
        {
            ConnectionsPerClient = 1,
            ConnectionRate = new(1, TimeSpan.FromHours(1)),
            Exempt = NetworkSet.Of([IPNetwork.Parse("192.0.2.0/24")]),
        });
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(CloseReason.None, Enter("192.0.2.1")));
        Assert.Equal(CloseReason.None, Enter("198.51.100.1"));
        Assert.Equal(CloseReason.LimitConnectionRate, Enter("198.51.100.1"));
    }

    [Fact]
    public void A_reload_keeps_the_memory_of_a_limit_that_stays_and_no_connection_is_lost_count_of()
    {
        var rate = new Rate(1, TimeSpan.FromHours(1));
        Set(new() { ConnectionRate = rate, ConnectionsPerClient = 1 });
        Assert.Equal(CloseReason.None, Enter("192.0.2.1", out var first));
        Set(new() { ConnectionRate = rate });
        Assert.Equal(CloseReason.LimitConnectionRate, Enter("192.0.2.1"));
        Set(new() { ConnectionsPerClient = 1, V4Prefix = 24 });
        _limits.Leave(first);
        Assert.Equal(CloseReason.None, Enter("192.0.2.1"));
        Assert.Equal(CloseReason.LimitClientConnections, Enter("192.0.2.2"));
    }

    private void Set(LimitSettings limits) => _settings.Replace(_settings.Current with { Limits = limits });

    private CloseReason Enter(string address) => Enter(address, out _);

    private CloseReason Enter(string address, out UInt128? entry) => _limits.TryEnter(IPAddress.Parse(address), out entry);
}
