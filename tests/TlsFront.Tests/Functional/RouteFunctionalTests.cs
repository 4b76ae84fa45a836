using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Listeners;
using TlsFront.ProxyProtocol;
using TlsFront.Telemetry;
using TlsFront.Tests.Transport.Managed;
using TlsFront.Transport;

namespace TlsFront.Tests.Functional;

/// <summary>Clients that ask for different names on one port, on both engines.</summary>
public sealed class RouteFunctionalTests : IAsyncLifetime, IDisposable
{
    private readonly SocketBackend _general = Greeting("general");
    private readonly SocketBackend _other = Greeting("other");
    private readonly string _certificates = TestCertificates.CreateFolder("mail.example.org", "strict.example.org");
    private readonly string _ownCertificates = TestCertificates.CreateFolder("own.example.org");
    private readonly LogTap _log = new("ConnectionEnd");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _general.DisposeAsync();
        await _other.DisposeAsync();
        Directory.Delete(_certificates, recursive: true);
        Directory.Delete(_ownCertificates, recursive: true);
    }

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Sessions_go_where_the_name_leads_and_the_log_has_it_as_it_is_configured(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        foreach (var (name, greeting, logged) in (List<(string, string, string)>)
            [
                ("mail.example.org", "other", "name=mail.example.org * route=mail.example.org backend=other"),
                ("MAIL.example.org", "other", "name=mail.example.org * route=mail.example.org backend=other"),
                ("x1.tenant.example", "other", "name=x1.tenant.example * route=*.tenant.example backend=other"),
                ("a.x1.tenant.example", "general", "name=a.x1.tenant.example * route=- backend=dovecot-imap"),
                ("anything.example", "general", "name=anything.example * route=- backend=dovecot-imap"),
                ("", "general", "name=- * route=- backend=dovecot-imap"),
            ])
        {
            await using (var client = await ConnectAsync(gateway, name))
            {
                Assert.Equal($"* OK {greeting}\r\n", await client.ExpectAsync("\r\n"));
            }

            await LoggedAsync(logged);
        }
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_stricter_name_refuses_an_old_client_and_the_refusal_names_the_route(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => ConnectAsync(gateway, "strict.example.org", SslProtocols.Tls12));
        var line = await _log.NextAsync();
        Assert.Contains(" end tls_version_too_old ", line, StringComparison.Ordinal);
        Assert.Contains(" route=strict.example.org backend=- ", line, StringComparison.Ordinal);

        await using (var modern = await ConnectAsync(gateway, "strict.example.org", SslProtocols.Tls13))
        {
            await modern.ExpectAsync("* OK general\r\n");
        }

        await LoggedAsync("tls=1.3 * route=strict.example.org backend=dovecot-imap");
        await using var old = await ConnectAsync(gateway, "mail.example.org", SslProtocols.Tls12);
        await old.ExpectAsync("* OK other\r\n");
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_name_presents_its_own_certificates_and_others_those_that_cover_them(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        foreach (var (name, presented) in (List<(string, string)>)
            [
                ("own.example.org", "own.example.org"), ("mail.example.org", "mail.example.org"), ("mail.example.com", "mail.example.com"),
                ("x.tenant.example", "mail.example.com"), ("", "mail.example.com")
            ])
        {
            await using var client = await ConnectAsync(gateway, name);
            Assert.Equal($"CN={presented}", ((X509Certificate2)client.Tls.RemoteCertificate!).Subject);
        }
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_reload_changes_routes_for_new_connections_and_sessions_keep_their_backend(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        await using var before = await ConnectAsync(gateway, "mail.example.org");
        await before.ExpectAsync("* OK other\r\n");
        Change(gateway, listener => listener with
        {
            Routes = [Route("dovecot-imap", new TlsSettings(), "x1.tenant.example"), Route("other", new TlsSettings(), "new.example")]
        });
        await ExpectAsync(gateway, "mail.example.org", "general");
        await ExpectAsync(gateway, "x1.tenant.example", "general");
        await ExpectAsync(gateway, "new.example", "other");

        await before.SendAsync("a CAPABILITY\r\n");
        Assert.Equal("a CAPABILITY other\r\n", await before.ExpectAsync("\r\n"));
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task A_connection_in_its_handshake_goes_where_its_name_led_when_it_was_accepted(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        await using var client = await TestClient.HandshakeAsync(
            new SocketPipe(await SocketAsync(gateway)), "mail.example.org",
            inHandshake: () => Change(gateway, listener => listener with { Routes = [] }));
        await client.ExpectAsync("* OK other\r\n");
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task The_backend_hears_the_name_the_client_asked_for_and_not_the_wildcard(object engine)
    {
        var header = new TaskCompletionSource<string>();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            header.TrySetResult(await peer.ExpectAsync("x7.tenant.example"));
            await peer.SendAsync("* OK proxied\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync((EngineChoice)engine, settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(other =>
                    other.Name == "other"
                        ? other with { Kind = BackendKind.Dovecot, ProxyProtocol = ProxyHeaderVersion.V2, Destinations = [backend.Destination] }
                        : other)
            ],
        });
        await ExpectAsync(gateway, "x7.tenant.example", "proxied");

        // The TLV AUTHORITY with its length.
        Assert.EndsWith("\u0002\0\u0011x7.tenant.example", await header.Task.WaitAsync(TestClient.Patience), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EngineChoice.Managed)]
    [InlineData(EngineChoice.Native)]
    public async Task Names_that_clients_make_up_add_no_time_series(object engine)
    {
        await using var gateway = await StartAsync((EngineChoice)engine);
        using var series = new SeriesCounter(gateway.Host.Services.GetRequiredService<IMeterFactory>());
        await ExpectAsync(gateway, "mail.example.org", "other");
        await ExpectAsync(gateway, "a.tenant.example", "other");
        await ExpectAsync(gateway, "mail.example.com", "general");
        await LoggedAsync(3);
        var before = series.Snapshot();
        for (var i = 0; i < 60; i++)
        {
            var made = Guid.NewGuid().ToString("N");
            await ExpectAsync(
                gateway, (i % 3) switch { 0 => $"{made}.tenant.example", 1 => $"{made}.example", _ => $"{made}.mail.example.org" },
                i % 3 == 0 ? "other" : "general");
        }

        await LoggedAsync(60);
        Assert.NotEmpty(before);
        Assert.Equal(before, series.Snapshot());
    }

    [Fact]
    public async Task A_backend_that_only_a_route_names_is_probed_in_its_protocol()
    {
        var goodbye = new TaskCompletionSource<string>();
        await using var backend = new SocketBackend(async (peer, _) =>
        {
            await peer.SendAsync("* OK probed\r\n");
            goodbye.TrySetResult(await peer.ExpectAsync("\r\n"));
        });
        await using var gateway = await StartAsync(EngineChoice.Managed, settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(
                    other => other.Name == "other" ? other with { Destinations = [backend.Destination], Health = new HealthSettings() } : other)
            ],
        });
        Assert.EndsWith("LOGOUT\r\n", await goodbye.Task.WaitAsync(TestClient.Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_a_route_that_cannot_be_used_keeps_the_gateway_from_starting()
    {
        File.Delete(Path.Combine(_ownCertificates, "privkey.pem"));
        var failure = await Assert.ThrowsAsync<GatewayStartException>(() => StartAsync(EngineChoice.Managed));
        Assert.Contains(_ownCertificates, failure.Message, StringComparison.Ordinal);
    }

    private static SocketBackend Greeting(string name) => new(async (peer, _) =>
    {
        await peer.SendAsync($"* OK {name}\r\n");
        while (await peer.ExpectAsync("\r\n") is var line)
        {
            await peer.SendAsync($"{line[..^2]} {name}\r\n");
        }
    });

    private static RouteSettings Route(string backend, TlsSettings tls, params string[] names) =>
        new() { Names = names, Backend = backend, Tls = tls };

    private static void Change(TestGateway gateway, Func<ListenerSettings, ListenerSettings> change) =>
        gateway.Store.Replace(Changed(gateway.Store.Current, change));

    private static GatewaySettings Changed(GatewaySettings settings, Func<ListenerSettings, ListenerSettings> change) => settings with
    {
        Listeners = [.. settings.Listeners.Select(listener => listener.Name == "imaps" ? change(listener) : listener)],
    };

    private static async Task<Socket> SocketAsync(TestGateway gateway)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Host.MailAddresses["imaps"]).WaitAsync(TestClient.Patience);
        return socket;
    }

    private static async Task<TestClient> ConnectAsync(
        TestGateway gateway, string name, SslProtocols versions = SslProtocols.Tls12 | SslProtocols.Tls13) =>
        await TestClient.HandshakeAsync(new NetworkStream(await SocketAsync(gateway), ownsSocket: true), name, versions);

    private static async Task ExpectAsync(TestGateway gateway, string name, string backend)
    {
        await using var client = await ConnectAsync(gateway, name);
        Assert.Equal($"* OK {backend}\r\n", await client.ExpectAsync("\r\n"));
    }

    private async Task LoggedAsync(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            await _log.NextAsync();
        }
    }

    /// <summary>The next line has the parts between the asterisks.</summary>
    private async Task LoggedAsync(string parts)
    {
        var line = await _log.NextAsync();
        Assert.All(parts.Split(" * "), part => Assert.Contains($" {part} ", line, StringComparison.Ordinal));
    }

    private Task<TestGateway> StartAsync(EngineChoice engine, Func<GatewaySettings, GatewaySettings>? change = null) => TestGateway.StartAsync(
        settings =>
        {
            settings = Changed(settings, listener => listener with
            {
                Routes =
                [
                    Route("other", new TlsSettings(), "mail.example.org", "*.tenant.example"),
                    Route("dovecot-imap", new TlsSettings(TlsVersion.Tls13), "strict.example.org"),
                    Route("other", new TlsSettings(), "own.example.org") with { Certificates = [new(_ownCertificates, null)] },
                ],
            });
            var backends = settings.Backends.Select(
                backend => backend with { Destinations = [_general.Destination], ProxyProtocol = ProxyHeaderVersion.None }).ToList();
            settings = settings with
            {
                Certificates = [.. settings.Certificates, new(_certificates, null)],
                Backends = [.. backends, backends[0] with { Name = "other", Destinations = [_other.Destination] }],
            };
            return change is null ? settings : change(settings);
        },
        services =>
        {
            services.AddSingleton<ILoggerProvider>(_log);
            services.AddSingleton(provider => EngineSelection.Create(
                engine, new NativeSettings(), null, provider.GetRequiredService<IMemoryPoolFactory<byte>>(), TimeProvider.System,
                provider.GetRequiredService<ILoggerFactory>()));
        });

    /// <summary>Every combination of instrument and labels that the gateway reported so far.</summary>
    private sealed class SeriesCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, bool> _series = new();

        public SeriesCounter(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Those of this gateway, and not of another test's.
                if (instrument.Meter.Name == TlsFrontMetrics.MeterName && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.Start();
        }

        public IReadOnlyList<string> Snapshot()
        {
            _listener.RecordObservableInstruments();
            return [.. _series.Keys.Order(StringComparer.Ordinal)];
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _series
            [
                $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal))}"
            ] = true;
    }
}
