using System.Net;
using Microsoft.AspNetCore.Connections;
using TlsFront.Connections;

namespace TlsFront.Tests.Telemetry;

public sealed class ConnectionRecordMiddlewareTests : IDisposable
{
    private readonly TelemetryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5")]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:db8::5", "2001:db8::5")]
    public async Task Ipv4_clients_of_a_dual_stack_socket_are_ipv4_clients(string peer, string client)
    {
        SessionFacts? facts = null;
        await _rig.Middleware((_, record) =>
        {
            facts = record.Facts;
            return Task.CompletedTask;
        }).OnConnectionAsync(TelemetryRig.Context(peer, peer));

        Assert.Equal(new IPEndPoint(IPAddress.Parse(client), 51000), facts!.Client);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(client), 993), facts.Local);
        Assert.Equal("mail.example.com", facts.HostName);
    }

    [Fact]
    public async Task The_id_is_the_connections_own_so_that_Kestrel_logs_it_too()
    {
        var (id, transport) = ("", "");
        await _rig.Middleware((context, record) =>
        {
            (id, transport) = (record.Facts.Id, context.ConnectionId);
            return Task.CompletedTask;
        }).OnConnectionAsync(TelemetryRig.Context());

        Assert.Equal(id, transport);
        Assert.NotEqual("transport", id);
    }

    [Fact]
    public async Task The_first_reason_counts_because_the_others_follow_from_it()
    {
        await _rig.RunAsync(record =>
        {
            record.Close(CloseReason.BackendReset, "reset after 354");
            record.Close(CloseReason.ClientClosed);
        });

        Assert.Contains(" end backend_reset ", _rig.AccessLog.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transport_without_addresses_is_served_all_the_same()
    {
        await _rig.Middleware((_, _) => Task.CompletedTask).OnConnectionAsync(new DefaultConnectionContext("memory"));

        Assert.Single(_rig.AccessLog);
    }
}
