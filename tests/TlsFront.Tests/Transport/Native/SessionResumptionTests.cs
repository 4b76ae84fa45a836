using System.Runtime.Versioning;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Where a TLS session is resumed, and where it must not be (RFC 6066 section 3), in both versions.</summary>
[SupportedOSPlatform("linux")]
public sealed class SessionResumptionTests : IDisposable
{
    private const int Tls13 = 0;
    private const int Tls12 = (int)TlsVersion.Tls12;
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_is_resumed_under_the_policy_it_was_made_under_and_no_other()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var lax = gateway.Policy;
        var strict = new TlsPolicy(new TlsSettings(TlsVersion.Tls13, TlsProfile.Modern), MailProtocol.Imap, gateway.Certificates);
        var session = await Resumption.BeginAsync(gateway);
        try
        {
            gateway.Policy = strict;
            Assert.False(await Resumption.SucceedsAsync(gateway, session));
            gateway.Policy = lax;
            Assert.True(await Resumption.SucceedsAsync(gateway, session));
        }
        finally
        {
            OpenSslClient.Free(session);
        }
    }

    [Theory]
    [InlineData(Tls13)]
    [InlineData(Tls12)]
    public async Task Routed_names_do_not_share_sessions(int maximumVersion)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var backend = TestGateway.Settings("/nowhere").Backends[0];

        // Equal terms and one certificate: nothing but the names tells them apart.
        gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, gateway.Certificates,
            [(Route("a.example"), backend), (Route("b.example"), backend with { Name = "b" }), (Route("*.tenant.example"), backend)]);
        await AssertNotSharedAsync(
            gateway, maximumVersion, "a.example", "b.example", "x.tenant.example", "y.tenant.example", "mail.example.com", null);

        static RouteSettings Route(string name) => new() { Names = [name], Backend = "", Tls = new TlsSettings() };
    }

    [Theory]
    [InlineData(Tls13)]
    [InlineData(Tls12)]
    public async Task Names_do_not_share_sessions_whether_their_certificates_differ_or_not(int maximumVersion)
    {
        await using var gateway = await NativeGateway.StartAsync();
        gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap,
            _folder.Store(TestAuthority.Shared.Ecdsa("a.example", "b.example"), TestAuthority.Shared.Ecdsa("c.example")));

        await AssertNotSharedAsync(gateway, maximumVersion, "a.example", "b.example", "c.example", "unknown.example", null);
    }

    [Theory]
    [InlineData(Tls13, "a.example")]
    [InlineData(Tls12, "a.example")]
    [InlineData(Tls13, null)]
    [InlineData(Tls12, null)]
    public async Task A_session_outlives_a_reload_and_ends_with_its_certificate(int maximumVersion, string? name)
    {
        await using var gateway = await NativeGateway.StartAsync();
        var certificate = TestAuthority.Shared.Ecdsa("a.example");
        gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, _folder.Store(certificate));
        var session = await Resumption.BeginAsync(gateway, maximumVersion, name);
        try
        {
            gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, _folder.Store(certificate));
            Assert.True(await Resumption.SucceedsAsync(gateway, session, maximumVersion, name));

            gateway.Policy = new TlsPolicy(new TlsSettings(), MailProtocol.Imap, _folder.Store(TestAuthority.Shared.Ecdsa("a.example")));
            Assert.False(await Resumption.SucceedsAsync(gateway, session, maximumVersion, name));
        }
        finally
        {
            OpenSslClient.Free(session);
        }
    }

    /// <summary>RFC 8446 appendix C.4: a client uses a ticket once, so it needs another one for its next connection.</summary>
    [Fact]
    public async Task A_resumed_connection_gives_a_new_ticket()
    {
        await using var gateway = await NativeGateway.StartAsync();
        var session = await Resumption.BeginAsync(gateway);
        for (var i = 0; i < 3; i++)
        {
            var next = await Resumption.RenewAsync(gateway, session);
            OpenSslClient.Free(session);
            Assert.NotEqual(session, next);
            session = next;
        }

        OpenSslClient.Free(session);
    }

    /// <summary>A session made under any of these names is resumed under that name and under none of the others.</summary>
    private static async Task AssertNotSharedAsync(NativeGateway gateway, int maximumVersion, params string?[] names)
    {
        foreach (var made in names)
        {
            var session = await Resumption.BeginAsync(gateway, maximumVersion, made);
            try
            {
                foreach (var other in names.Where(name => name != made))
                {
                    Assert.False(await Resumption.SucceedsAsync(gateway, session, maximumVersion, other), $"{made} resumed as {other}");
                }

                Assert.True(await Resumption.SucceedsAsync(gateway, session, maximumVersion, made), $"{made} not resumed");
            }
            finally
            {
                OpenSslClient.Free(session);
            }
        }
    }
}
