using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Listeners;
using TlsFront.Tests.Functional;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Listeners;

/// <summary>An address that cannot be bound is told by who wants it, what is wrong and what to do.</summary>
public sealed class BindFailureTests
{
    /// <summary>An address of no host (RFC 5737).</summary>
    private static readonly IPEndPoint Foreign = new(IPAddress.Parse("192.0.2.1"), 0);

    [Fact]
    public async Task The_admin_address_is_in_use()
    {
        using var occupied = Occupy(out var address);
        var failure = await FailureAsync(settings => settings with { Admin = new AdminSettings(address) });
        Assert.Equal($"admin.address: {address} is in use; stop the program that listens there or choose another address", failure);
    }

    [Fact]
    public async Task The_admin_address_is_not_of_this_host() =>
        Assert.Equal(
            $"admin.address: {Foreign} is not an address of this host; use one of its own or '*'",
            await FailureAsync(settings => settings with { Admin = new AdminSettings(Foreign) }));

    [Fact]
    public async Task The_address_of_a_listener_is_in_use()
    {
        using var occupied = Occupy(out var address);
        var failure = await FailureAsync(settings => WithAddress(settings, address));
        Assert.Equal($"listener imaps: {address} is in use; stop the program that listens there or choose another address", failure);
    }

    [Fact]
    public async Task The_address_of_a_listener_is_not_of_this_host() =>
        Assert.Equal(
            $"listener imaps: {Foreign} is not an address of this host; use one of its own or '*'",
            await FailureAsync(settings => WithAddress(settings, Foreign)));

    [Fact]
    public void An_address_of_a_family_that_the_host_lacks_is_told_with_the_remedy() => Assert.Equal(
        "admin.address: [::1]:9090 is IPv6, which this host does not support; use one of its IPv4 addresses or '*'",
        BindFailure.Describe("admin.address", IPEndPoint.Parse("[::1]:9090"), new SocketException((int)SocketError.AddressFamilyNotSupported)));

    private static TcpListener Occupy(out IPEndPoint address)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        address = (IPEndPoint)listener.LocalEndpoint;
        return listener;
    }

    private static GatewaySettings WithAddress(GatewaySettings settings, IPEndPoint address) => settings with
    {
        Listeners = [.. settings.Listeners.Select(listener => listener.Name == "imaps" ? listener with { Address = address } : listener)],
    };

    private static async Task<string> FailureAsync(Func<GatewaySettings, GatewaySettings> change)
    {
        var certificates = TestCertificates.CreateFolder("mail.example.com");
        try
        {
            var settings = new SettingsStore(change(TestGateway.Settings(certificates)));
            await using var host = GatewayHost.Build(settings, configure: services => services.AddSingleton(provider =>
                ManagedEngine.Create(provider.GetRequiredService<IMemoryPoolFactory<byte>>(), provider.GetRequiredService<ILoggerFactory>())));
            return (await Assert.ThrowsAsync<GatewayStartException>(() => host.StartAsync(CancellationToken.None))).Message;
        }
        finally
        {
            Directory.Delete(certificates, recursive: true);
        }
    }
}
