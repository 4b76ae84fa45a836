using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Demo;
using TlsFront.Inventory;
using TlsFront.Listeners;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.SystemTests;
using TlsFront.SystemTests.Certificates;

namespace TlsFront.DeployTests.Page;

/// <summary>
/// A real gateway with everything that the live page has to show: servers that answer, one that refuses connections, one whose greeting is markup, a
/// certificate whose issuer is, and one that expires soon.
/// </summary>
internal sealed class PageGateway : IAsyncDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    /// <summary>What a hostile server or authority would have a browser do.</summary>
    public const string Markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly DemoMailServers _servers = new(new MailStore(TimeProvider.System), TimeProvider.System, NullLogger.Instance);
    private readonly LineServer _hostile;
    private readonly GatewayHost _host;
    private Task _serving = Task.CompletedTask;

    private PageGateway()
    {
        _hostile = new LineServer(GreetWithMarkupAsync, TimeSpan.FromSeconds(30), TimeProvider.System, NullLogger.Instance);
        File.WriteAllText(_folder.PathOf("token"), Token + "\n");
        File.SetUnixFileMode(_folder.PathOf("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _authority.Issue(
            KeyKind.Ecdsa, "mail.example.test", "imap.example.test", "smtp.example.test", "*.customers.example.net").WriteTo(_folder.Folder("mail"));
        WriteHostileCertificate(_folder.Folder("hostile"));
        Record();
        _host = GatewayHost.Build(new SettingsStore(Settings()));
    }

    private InventorySettings Inventory => new() { Path = _folder.PathOf("inventory.db") };

    /// <summary>The admin endpoint.</summary>
    public string Admin => _host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last();

    public static async Task<PageGateway> StartAsync()
    {
        var gateway = new PageGateway();
        await gateway._host.StartAsync(CancellationToken.None);
        gateway._serving = gateway._host.ServeAsync(CancellationToken.None);
        return gateway;
    }

    /// <summary>The port of a listener.</summary>
    public int PortOf(string listener) => ((IPEndPoint)_host.MailAddresses[listener]).Port;

    /// <summary>Waits until somebody has drained it.</summary>
    public Task EndedAsync() => _serving.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true));
        await _host.DisposeAsync();
        await _hostile.DisposeAsync();
        await _servers.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>Ann has moved; Bob sends by STARTTLS still, and so does a copier that calls itself markup.</summary>
    private void Record()
    {
        RecordedLogin Login(string user, string listener, int days, string? program = null) => new(
            DateTimeOffset.UtcNow.AddDays(-days).AddMinutes(-1), user, IPAddress.Parse("192.0.2.7"), listener, listener == "imaps" ? "imap" : "smtp",
            listener == "imaps" ? "implicit" : "starttls",
            new TlsFacts(listener == "imaps" ? TlsVersion.Tls13 : TlsVersion.Tls12, "TLS_AES_128_GCM_SHA256", "imap.example.test", null), program,
            LoginOutcome.Accepted, null, PolicyAction.None);
        var logins = Enumerable.Range(0, 40).SelectMany(day => new[]
        {
            Login("ann@users.example", "imaps", day),
            Login("bob@users.example", day % 3 == 0 || day > 20 ? "submission" : "imaps", day),
            Login("copier@users.example", "submission", day, Markup),
        });
        using var store = InventoryStore.Of(Inventory, out var problem) ?? throw new InvalidOperationException(problem);
        if (new LoginInventory(store, new UserNames(null), Inventory).Add([.. logins]) is { } failure)
        {
            throw new InvalidOperationException(failure.Words);
        }
    }

    private static async Task GreetWithMarkupAsync(LineConnection connection)
    {
        connection.WriteLine(Markup);
        await connection.FlushAsync();
    }

    private static void WriteHostileCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(Markup[..60]);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("old.example.test");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-80), DateTimeOffset.UtcNow.AddDays(9.5));
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private GatewaySettings Settings() => new()
    {
        HostName = "mail.example.test",
        Certificates = [new(_folder.PathOf("mail"), null), new(_folder.PathOf("hostile"), null)],
        Listeners =
        [
            Listener("submissions", MailProtocol.Smtp, "postfix"),
            Listener("submission", MailProtocol.Smtp, "postfix") with { Security = ListenerSecurity.StartTls },
            Listener("imaps", MailProtocol.Imap, "dovecot-imap"),
            Listener("pop3s", MailProtocol.Pop3, "dovecot-pop3"),
            Listener("legacy", MailProtocol.Imap, "legacy"),
        ],
        Backends =
        [
            Backend("postfix", _servers.Smtp.EndPoint.ToString()),
            // The second one is a port nothing listens on.
            Backend("dovecot-imap", _servers.Imap.EndPoint.ToString(), "127.0.0.2:1"),
            Backend("dovecot-pop3", _servers.Pop3.EndPoint.ToString()),
            Backend("legacy", _hostile.EndPoint.ToString()),
        ],
        Admin = new(new IPEndPoint(IPAddress.Loopback, 0)) { TokenFile = _folder.PathOf("token") },
        Inventory = Inventory,
        Drain = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)),
        Timeouts = new(),
        Log = new() { Level = Microsoft.Extensions.Logging.LogLevel.Error },
        Telemetry = new(),
    };

    private static ListenerSettings Listener(string name, MailProtocol protocol, string backend) => new()
    {
        Name = name,
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        Protocol = protocol,
        Backend = backend,
        Tls = new(),
        Rules = new(),
    };

    private static BackendSettings Backend(string name, params string[] destinations) => new()
    {
        Name = name,
        Kind = BackendKind.Generic,
        Destinations = destinations,
        ProxyProtocol = ProxyHeaderVersion.None,
        Health = new() { Interval = TimeSpan.FromMilliseconds(250), UnhealthyAfter = 2 },
    };
}
