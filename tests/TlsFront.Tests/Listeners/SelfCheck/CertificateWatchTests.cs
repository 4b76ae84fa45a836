using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Admission;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Listeners.SelfCheck;
using TlsFront.Telemetry;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Listeners.SelfCheck;

/// <summary>What is presented against what is in the files, by real handshakes on both engines.</summary>
public sealed class CertificateWatchTests
{
    public static TheoryData<object> Engines => [EngineChoice.Managed, EngineChoice.Native];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_is_right_is_said_to_be_and_nothing_else_knows_of_the_handshake(object engine)
    {
        await using var gateway = await CheckedGateway.StartAsync(engine);
        await gateway.CheckAsync();
        var (listener, certificate, isServed, notAfter) = Assert.Single(gateway.Verdicts);
        Assert.Equal(("echo", Path.Combine(gateway.Folder, "fullchain.pem"), true), (listener, certificate, isServed));
        Assert.Equal(gateway.Host.Services.GetRequiredService<CertificateStore>().Current.All[0].NotAfter, notAfter);

        // A client's connection after it: the first thing that is counted or logged, and the first the backend sees.
        await using (await gateway.ClientAsync())
        {
            Assert.Equal(1, gateway.Host.Services.GetRequiredService<ConnectionBudget>().Count);
        }

        Assert.StartsWith("ConnectionEnd: ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), gateway.Counted);
        Assert.Equal(1, gateway.BackendConnections);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_renewal_that_nobody_took_over_is_found_and_its_end_told(object engine)
    {
        await using var gateway = await CheckedGateway.StartAsync(engine);
        await gateway.CheckAsync();
        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"));
        await gateway.CheckAsync();
        await gateway.CheckAsync();
        Assert.False(Assert.Single(gateway.Verdicts).IsServed);
        Assert.Contains(
            "clients that ask for mail.example.com get another one, valid until ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);

        gateway.LookAtFiles();
        await gateway.CheckAsync();
        Assert.True(Assert.Single(gateway.Verdicts).IsServed);
        Assert.StartsWith("CertificateServed: Listener echo presents certificate ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 0), gateway.Counted);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_renewal_that_cannot_be_used_is_found_with_the_reason(object engine)
    {
        await using var gateway = await CheckedGateway.StartAsync(engine);
        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"), withKey: false);
        gateway.LookAtFiles();
        await gateway.CheckAsync();
        var verdict = Assert.Single(gateway.Verdicts);
        Assert.False(verdict.IsServed);
        Assert.NotNull(verdict.NotAfter);
        Assert.Contains("privkey.pem (ECDSA P-256) is not the key of ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);

        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"));
        gateway.LookAtFiles();
        await gateway.CheckAsync();
        Assert.StartsWith("CertificateServed: ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_on_its_way_is_no_alarm()
    {
        await using var gateway = await CheckedGateway.StartAsync(EngineChoice.Managed);
        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"));
        await gateway.CheckAsync(meanwhile: gateway.LookAtFiles);
        Assert.True(Assert.Single(gateway.Verdicts).IsServed);
        await using (await gateway.ClientAsync())
        {
        }

        Assert.StartsWith("ConnectionEnd: ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_found()
    {
        await using var gateway = await CheckedGateway.StartAsync(EngineChoice.Managed);
        File.Delete(Path.Combine(gateway.Folder, "fullchain.pem"));
        await gateway.CheckAsync();
        Assert.Contains("fullchain.pem: the file is gone", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Lists_and_PROXY_headers_are_for_clients(object engine)
    {
        await using var gateway = await CheckedGateway.StartAsync(engine, listener => listener with
        {
            ProxyProtocol = new(Networks("127.0.0.0/8"), RefusesOthers: true),
            Admission = new(null, new(Networks("127.0.0.0/8"), [])),
        });
        await gateway.CheckAsync();
        Assert.True(Assert.Single(gateway.Verdicts).IsServed);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Limits_are_for_clients_and_not_used_up(object engine)
    {
        var once = new Rate(1, TimeSpan.FromHours(1));
        await using var gateway = await CheckedGateway.StartAsync(engine, settings => settings with
        {
            Limits = new LimitSettings { Connections = 1, ConnectionsPerClient = 1, ConnectionRate = once, HandshakeRate = once },
        });
        await gateway.CheckAsync();
        await gateway.CheckAsync();
        await using (await gateway.ClientAsync())
        {
            // All is used up now, but not for the check.
            await gateway.CheckAsync();
            Assert.True(Assert.Single(gateway.Verdicts).IsServed);
        }

        Assert.Contains(" end c", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), gateway.Counted);
    }

    [Fact]
    public async Task At_the_limit_of_what_is_accepted_it_is_left_out()
    {
        await using var gateway = await CheckedGateway.StartAsync(
            EngineChoice.Managed, settings => settings with { Limits = new LimitSettings { Connections = 1 } });
        var budget = gateway.Host.Services.GetRequiredService<ConnectionBudget>();
        var entered = 0;
        for (; !budget.IsExhausted; entered++)
        {
            budget.TryEnter();
        }

        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"));
        await gateway.CheckAsync();
        Assert.Empty(gateway.Verdicts);
        for (; entered > 0; entered--)
        {
            budget.Leave();
        }
    }

    [Fact]
    public async Task A_drain_is_no_time_for_it()
    {
        await using var gateway = await CheckedGateway.StartAsync(EngineChoice.Managed);
        gateway.Renew(TestAuthority.Shared.Ecdsa("mail.example.com"));
        gateway.Host.Services.GetRequiredService<Readiness>().Drain();
        await gateway.CheckAsync();
        Assert.Empty(gateway.Verdicts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Whoever_only_looks_like_it_is_a_client(object engine)
    {
        await using var gateway = await CheckedGateway.StartAsync(engine);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var expectation = gateway.Host.Services.GetRequiredService<OwnConnections>().Expect((IPEndPoint)other.LocalEndPoint!);

        // From the same address, with the same hello, while the check is about to connect.
        await using (await gateway.ClientAsync())
        {
        }

        Assert.StartsWith("ConnectionEnd: ", await gateway.Lines.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), gateway.Counted);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("127.77.0.9")]
    public async Task Whatever_a_listener_is_bound_to_it_is_reached(string address)
    {
        foreach (var engine in (EngineChoice[])[EngineChoice.Managed, EngineChoice.Native])
        {
            await using var gateway = await CheckedGateway.StartAsync(
                engine, listener => listener with { Address = new IPEndPoint(IPAddress.Parse(address), 0) });
            await gateway.CheckAsync();
            Assert.True(Assert.Single(gateway.Verdicts).IsServed);
            Assert.Equal((0, 0), gateway.Counted);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_certificate_is_asked_for_as_those_clients_do_that_get_it(object engine)
    {
        using var folder = new CertificateFolder();
        var rsa = TestAuthority.Shared.Rsa("mail.example.com");
        await using var gateway = await CheckedGateway.StartAsync(engine, settings => settings with
        {
            Certificates =
            [
                folder.Write(TestAuthority.Shared.Ecdsa("mail.example.com"), "ecdsa"),
                folder.Write(rsa, "rsa"),
                folder.Write(TestAuthority.Shared.Ecdsa("*.example.net"), "wildcard"),
                folder.Write(TestAuthority.Shared.Ecdsa("mail.example.com"), "second"),
            ],
            Listeners =
            [
                settings.Listeners[0], settings.Listeners[0] with { Name = "modern", Tls = new TlsSettings(TlsVersion.Tls13, TlsProfile.Modern) }
            ],
        });
        await gateway.CheckAsync();
        Assert.Equal(
            ["echo ecdsa True", "echo rsa True", "echo wildcard True", "modern ecdsa True", "modern wildcard True"],
            gateway.Verdicts.Select(
                verdict => $"{verdict.Listener} {Path.GetFileName(Path.GetDirectoryName(verdict.Certificate))} {verdict.IsServed}").Order());
        string[] lines = [await gateway.Lines.NextAsync(), await gateway.Lines.NextAsync(), await gateway.Lines.NextAsync()];
        Assert.All(lines, line => Assert.StartsWith("CertificateNotChecked: Whether listener ", line, StringComparison.Ordinal));
        Assert.Single(
            lines, line => line.Contains($"listener modern presents certificate {folder.At("rsa", "fullchain.pem")}", StringComparison.Ordinal));

        folder.Write(TestAuthority.Shared.Rsa("mail.example.com"), "rsa");
        await gateway.CheckAsync();
        var (_, certificate, _, _) = Assert.Single(gateway.Verdicts, verdict => !verdict.IsServed);
        Assert.Equal(folder.At("rsa", "fullchain.pem"), certificate);
    }

    [Fact]
    public async Task What_is_a_listeners_or_a_routes_own_is_compared_with_its_file_too()
    {
        using var folder = new CertificateFolder();
        var ofListener = folder.Write(TestAuthority.Shared.Ecdsa("listener.example.com"), "listener");
        var ofRoute = folder.Write(TestAuthority.Shared.Ecdsa("route.example.com"), "route");
        await using var gateway = await CheckedGateway.StartAsync(EngineChoice.Managed, listener => listener with
        {
            Certificates = [ofListener],
            Routes = [new() { Names = ["route.example.com"], Backend = listener.Backend, Tls = listener.Tls, Certificates = [ofRoute] }],
        });
        await gateway.CheckAsync();
        Assert.Equal(3, gateway.Verdicts.Count);
        Assert.All(gateway.Verdicts, static verdict => Assert.True(verdict.IsServed, verdict.Certificate));
    }

    [Fact]
    public async Task It_is_done_as_often_as_the_settings_say_and_not_at_all_if_they_say_so()
    {
        await using var gateway = await CheckedGateway.StartAsync(EngineChoice.Managed);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var watch = ActivatorUtilities.CreateInstance<CertificateWatch>(gateway.Host.Services, time);
        await watch.StartAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(watch.Verdicts);

        gateway.Store.Replace(gateway.Store.Current with { CertificateCheck = TimeSpan.FromMinutes(1) });
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!watch.Verdicts.Any())
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(1, patience.Token);
        }

        await watch.StopAsync(CancellationToken.None);
    }

    private static NetworkSet Networks(string network) => NetworkSet.Of([IPNetwork.Parse(network)]);
}
