using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Routing;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Tickets;
using Yarp.ReverseProxy.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>New settings are in force in every part of the gateway, or in none.</summary>
public sealed class SettingsReplacementTests : IDisposable
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.77");

    private readonly TicketKeyFolder _keys = new();
    private readonly string _certificates = TestCertificates.CreateFolder("new.example.com");
    private readonly LogTap _log = new(
        "CertificateLoaded", "TicketKeysLoaded", "NetworksRead", "NetworksBroken", "UserMapRead", "UserMapBroken", "ConnectionsBySetting");

    public void Dispose()
    {
        _keys.Dispose();
        Directory.Delete(_certificates, recursive: true);
    }

    [Fact]
    public async Task All_parts_take_new_settings_over()
    {
        await using var gateway = await StartAsync();
        var before = StateOf(gateway);
        gateway.Store.Replace(Changed(gateway.Store.Current));
        Assert.DoesNotContain(true, before.Zip(StateOf(gateway), Equals));
        Assert.NotEqual(0, _log.Count);
    }

    [Theory]
    [InlineData("certificates", "/nowhere")]
    [InlineData("session ticket keys", "has 1 octets")]
    [InlineData("address lists", "nonsense")]
    [InlineData("user maps", "\"nowhere\" is not the name of a backend")]
    [InlineData("backends", "backend echo: ")]
    [InlineData("another part", "not today")]
    public async Task What_one_part_cannot_take_over_changes_nothing_anywhere(string part, string problem)
    {
        await using var gateway = await StartAsync();
        using var refusing = gateway.Store.Subscribe(
            "another part", (_, now) => new(() => { }) { Problems = now.HostName == "refused.example.com" ? ["not today"] : [] });
        var before = StateOf(gateway);
        var lines = _log.Count;

        var replacement = gateway.Store.Prepare(Broken(Changed(gateway.Store.Current), part));

        var failure = Assert.Single(replacement.Problems);
        Assert.Equal(part, failure.Part);
        Assert.Contains(problem, failure.Problem, StringComparison.Ordinal);
        Assert.Equal(before, StateOf(gateway));
        Assert.Equal(lines, _log.Count);
        Assert.Throws<InvalidOperationException>(replacement.Commit);
    }

    /// <summary>What the parts go by, one after the other.</summary>
    private static object?[] StateOf(TestGateway gateway)
    {
        var services = gateway.Host.Services;
        var limits = services.GetRequiredService<ClientLimits>();
        var entered = limits.TryEnter(Client, out var entry);
        var second = limits.TryEnter(Client, out var other);
        limits.Leave(entry);
        limits.Leave(other);
        Assert.Equal(CloseReason.None, entered);
        return
        [
            gateway.Store.Current,
            services.GetRequiredService<CertificateStore>().Current,
            services.GetRequiredService<TicketKeyStore>().Current.Length,
            services.GetRequiredService<ListenerTable>().Find("imaps"),
            services.GetRequiredService<IProxyConfigProvider>().GetConfig(),
            services.GetRequiredService<ConnectionBudget>().Limit,
            services.GetRequiredService<AddressLists>().Admit("imaps", Client),
            services.GetRequiredService<UserRouter>().Find("imaps")?.Find("bob", null),
            second,
        ];
    }

    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(configure: services => services.AddSingleton<ILoggerProvider>(_log));

    /// <summary>Something else for every part.</summary>
    private GatewaySettings Changed(GatewaySettings settings) => settings with
    {
        Certificates = [new CertificateSettings(_certificates, null)],
        TicketKeys = [_keys.Write("key")],
        Backends = [.. settings.Backends.Select(backend => backend with { Destinations = ["192.0.2.9:1"] })],
        Limits = new LimitSettings { Connections = 7, ConnectionsPerClient = 1 },
        Listeners =
        [
            .. settings.Listeners.Select(listener => listener with
            {
                Admission = Denying(_keys.Write("networks", "192.0.2.77"u8.ToArray())),
                UserMap = listener.Name == "imaps" ? _keys.Write("users", "bob dovecot-imap\n"u8.ToArray()) : null,
            })
        ],
    };

    /// <summary>The same, with a mistake for one part.</summary>
    private GatewaySettings Broken(GatewaySettings settings, string part) => part switch
    {
        "certificates" => settings with { Certificates = [.. settings.Certificates, new CertificateSettings("/nowhere", null)] },
        "session ticket keys" => settings with { TicketKeys = [.. settings.TicketKeys, _keys.Write("short", new byte[1])] },
        "address lists" => settings with
        {
            Listeners =
            [
                .. settings.Listeners.Select(listener => listener with { Admission = Denying(_keys.Write("broken", "nonsense"u8.ToArray())) })
            ],
        },
        "user maps" => settings with
        {
            Listeners =
            [
                .. settings.Listeners.Select(listener =>
                    listener.UserMap is null ? listener : listener with { UserMap = _keys.Write("elsewhere", "bob nowhere\n"u8.ToArray()) })
            ],
        },
        "backends" => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(static backend =>
                    backend.Name == "echo"
                        ? backend with { Health = new HealthSettings { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(-5) } }
                        : backend),
            ],
        },
        _ => settings with { HostName = "refused.example.com" },
    };

    private static AdmissionSettings Denying(string file) => new(null, new(NetworkSet.Empty, [file]));
}
