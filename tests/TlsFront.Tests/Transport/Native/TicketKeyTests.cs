using System.Runtime.Versioning;
using TlsFront.Connections;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Tickets;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Session tickets with keys from files, between replicas and over rotations.</summary>
[SupportedOSPlatform("linux")]
public sealed class TicketKeyTests : IDisposable
{
    private readonly TicketKeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, "mail.example.com")]
    [InlineData((int)TlsVersion.Tls12, null)]
    [InlineData((int)TlsVersion.Tls12, "mail.example.com")]
    public async Task A_session_is_resumed_by_a_replica_with_the_same_keys_and_by_no_other(int maximumVersion, string? name)
    {
        var first = _folder.Write("first");
        await using var one = await StartAsync(_folder.With(first));
        await using var same = await StartAsync(_folder.With(first));
        await using var other = await StartAsync(_folder.With(_folder.Write("second")));
        await using var alone = await StartAsync(_folder.With());
        var session = await Resumption.BeginAsync(one, maximumVersion, name);
        try
        {
            Assert.False(await Resumption.SucceedsAsync(other, session, maximumVersion, name));
            Assert.False(await Resumption.SucceedsAsync(alone, session, maximumVersion, name));
            Assert.True(await Resumption.SucceedsAsync(same, session, maximumVersion, name));
        }
        finally
        {
            OpenSslClient.Free(session);
        }
    }

    [Fact]
    public async Task A_key_decrypts_from_the_second_place_on_until_it_is_removed()
    {
        var now = _folder.Write("now");
        var before = _folder.Write("before");
        var store = _folder.With(now, before);
        await using var gateway = await StartAsync(store);
        var session = await Resumption.BeginAsync(gateway);
        try
        {
            File.Move(now, before, overwrite: true);
            _folder.Write("now");
            TicketKeyFolder.Settle(store);
            Assert.True(await Resumption.SucceedsAsync(gateway, session));

            File.Move(now, before, overwrite: true);
            _folder.Write("now");
            TicketKeyFolder.Settle(store);
            Assert.False(await Resumption.SucceedsAsync(gateway, session));
        }
        finally
        {
            OpenSslClient.Free(session);
        }
    }

    [Fact]
    public async Task A_ticket_of_an_older_key_is_replaced_by_one_of_the_first()
    {
        var now = _folder.Write("now");
        var store = _folder.With(now);
        await using var gateway = await StartAsync(store);
        var old = await Resumption.BeginAsync(gateway, (int)TlsVersion.Tls12);
        var next = _folder.Write("next");
        Assert.Empty(store.UpdateFiles([next, now]));
        using var client = new OpenSslClient(gateway.Address, session: old, maximumVersion: (int)TlsVersion.Tls12);
        OpenSslClient.Free(old);
        Assert.Equal(1, await client.HandshakeAsync());
        Assert.True(client.Resumed);
        var renewed = client.TakeSession();
        try
        {
            Assert.Empty(store.UpdateFiles([next]));
            await gateway.HandshakeAsync();
            using var backend = await gateway.AcceptBackendAsync();
            Assert.True(await Resumption.SucceedsAsync(gateway, renewed, (int)TlsVersion.Tls12));
        }
        finally
        {
            OpenSslClient.Free(renewed);
        }
    }

    private static Task<NativeGateway> StartAsync(TicketKeyStore keys) =>
        NativeGateway.StartAsync(ticketKeys: keys);
}
