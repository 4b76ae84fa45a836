using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;
using TlsFront.Tls;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.Hello;

namespace TlsFront.Tests.Tls;

/// <summary>What a listener with routes decides on a hello.</summary>
public sealed class RoutePolicyTests : IDisposable
{
    private static readonly TestCertificate Shared = TestAuthority.Shared.Ecdsa("mail.example.com", "*.tenant.example", "mail.example.org");
    private static readonly TestCertificate Own = TestAuthority.Shared.Ecdsa("mail.example.org");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mail.example.org", "mail.example.org")]
    [InlineData("a.tenant.example", "*.tenant.example")]
    [InlineData("vip.tenant.example", "vip.tenant.example")]
    [InlineData("A.Tenant.Example.", "*.tenant.example")]
    [InlineData("a.b.tenant.example", null)]
    [InlineData("tenant.example", null)]
    [InlineData("example.org", null)]
    [InlineData("x.mail.example.org", null)]
    [InlineData("mail.example.com", null)]
    [InlineData("localhost", null)]
    [InlineData("*.tenant.example", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData(null, null)]
    public void The_name_itself_goes_before_a_wildcard_of_one_label_and_the_rest_is_the_listeners(string? asked, string? route)
    {
        var policy = Policy(
            _folder.Store(Shared), Route("other", "mail.example.org"), Route("tenants", "*.tenant.example"), Route("vip", "vip.tenant.example"));
        var selection = policy.Select(Hello(asked));
        Assert.False(selection.IsRefused);
        Assert.Equal(route, selection.Route?.Name);
        Assert.Equal(
            route switch { null => null, "mail.example.org" => "other", "*.tenant.example" => "tenants", _ => "vip" }, selection.Route?.Backend.Name);
    }

    [Fact]
    public void A_stricter_name_refuses_what_the_others_take_and_says_which_it_was()
    {
        var policy = Policy(_folder.Store(Shared), Route("other", "mail.example.org") with { Tls = new TlsSettings(TlsVersion.Tls13) });
        var refused = policy.Select(Hello("mail.example.org", 0x0303));
        Assert.Equal(
            (CloseReason.TlsVersionTooOld, TlsAlert.ProtocolVersion, "mail.example.org"),
            (refused.Refusal!.Reason, refused.Refusal.Alert, refused.Route!.Name));
        Assert.Equal("client offers at most TLS 1.2; minimum is TLS 1.3", refused.Refusal.Detail);
        Assert.Equal(TlsVersion.Tls12, policy.Select(Hello("mail.example.com", 0x0303)).Parameters!.MinimumVersion);
        Assert.Equal(TlsVersion.Tls12, policy.Select(Hello(null, 0x0303)).Parameters!.MinimumVersion);
    }

    [Fact]
    public void A_laxer_name_takes_what_the_others_refuse()
    {
        var policy = new TlsPolicy(
            new TlsSettings(Profile: TlsProfile.Modern), MailProtocol.Smtp, _folder.Store(Shared),
            [(Route("other", "mail.example.org"), Backend("other"))]);
        Assert.False(policy.Select(Hello("mail.example.org", 0x0303)).IsRefused);
        Assert.True(policy.Select(Hello("mail.example.com", 0x0303)).IsRefused);
    }

    [Fact]
    public void A_name_with_certificates_of_its_own_presents_no_others_and_the_others_do_not_present_them()
    {
        var store = _folder.Store();
        var own = _folder.Write(Own, "own");
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [own]));
        var policy = Policy(store, Route("other", "mail.example.org", "unfit.example") with { Certificates = [own] });

        Assert.Equal(Own.Thumbprint, Presented(policy, "mail.example.org"));
        Assert.Equal(Own.Thumbprint, Presented(policy, "unfit.example"));
        Assert.Equal(Shared.Thumbprint, Presented(policy, "mail.example.com"));
        Assert.Equal(Shared.Thumbprint, Presented(policy, null));
        Assert.Equal([Shared.Thumbprint, Own.Thumbprint], policy.Certificates.Select(certificate => certificate.Leaf.Thumbprint));
    }

    [Fact]
    public void A_listeners_policy_knows_the_certificates_of_another_ones_routes_too()
    {
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [_folder.Write(Own)]));
        Assert.Equal(2, Policy(store).Certificates.Length);
    }

    [Fact]
    public void A_renewed_certificate_of_a_route_is_presented_from_then_on()
    {
        var store = _folder.Store();
        var own = _folder.Write(Own, "own");
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [own]));
        var policy = Policy(store, Route("other", "mail.example.org") with { Certificates = [own] });
        Assert.Equal(Own.Thumbprint, Presented(policy, "mail.example.org"));

        var renewed = TestAuthority.Shared.Ecdsa("mail.example.org");
        _folder.Write(renewed, "own");
        store.Refresh();
        Assert.Equal(renewed.Thumbprint, Presented(policy, "mail.example.org"));
        Assert.Equal([Shared.Thumbprint, renewed.Thumbprint], policy.Certificates.Select(certificate => certificate.Leaf.Thumbprint));
    }

    [Fact]
    public void A_source_that_is_everybodys_and_a_routes_is_read_once_and_serves_both()
    {
        var store = _folder.Store();
        var (one, other) = (_folder.Write(Shared), _folder.Write(Own));
        Assert.Empty(store.UpdateSources([one, other], [other, one]));
        var policy = Policy(store, Route("other", "mail.example.com") with { Certificates = [other] });
        Assert.Equal(Own.Thumbprint, Presented(policy, "mail.example.com"));
        Assert.Equal(Shared.Thumbprint, Presented(policy, null));
        Assert.Equal(2, policy.Certificates.Length);
    }

    [Fact]
    public void A_route_whose_certificates_a_reload_could_not_read_presents_those_for_any_name()
    {
        var store = _folder.Store(Shared);
        var broken = _folder.Write(Own with { Key = Shared.Key }, "broken");
        Assert.Single(store.UpdateSources([_folder.Write(Shared)], [broken]));
        var policy = Policy(store, Route("other", "mail.example.org") with { Certificates = [broken] });
        Assert.Equal(Shared.Thumbprint, Presented(policy, "mail.example.org"));

        _folder.Write(Own, "broken");
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [broken]));
        Assert.Equal(Own.Thumbprint, Presented(policy, "mail.example.org"));
    }

    [Fact]
    public void A_listeners_own_certificates_go_before_those_for_any_name_where_one_of_them_covers_the_name()
    {
        var (rsa, route) = (TestAuthority.Shared.Rsa("mail.example.org"), TestAuthority.Shared.Ecdsa("vip.example.org"));
        var store = _folder.Store();
        CertificateSettings own = _folder.Write(rsa), ofRoute = _folder.Write(route);
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [own, ofRoute]));
        var policy = Policy(
            store, [own],
            Route("other", "vip.example.org") with { Certificates = [ofRoute] },
            Route("tenants", "a.tenant.example"), Route("own", "mail.example.org"));

        // Its own even where one for any name is ECDSA, which would be preferred among equals.
        Assert.Equal(rsa.Thumbprint, Presented(policy, "mail.example.org"));
        Assert.Equal(rsa.Thumbprint, Presented(policy, null));
        Assert.Equal(rsa.Thumbprint, Presented(policy, "unknown.example"));
        Assert.Equal(Shared.Thumbprint, Presented(policy, "mail.example.com"));
        Assert.Equal(Shared.Thumbprint, Presented(policy, "a.tenant.example"));
        Assert.Equal(route.Thumbprint, Presented(policy, "vip.example.org"));
        Assert.Equal(Shared.Thumbprint, Presented(Policy(store), "mail.example.org"));

        var strict = new TlsPolicy(new TlsSettings(UnknownName: UnknownName.Reject), MailProtocol.Smtp, store, own: [own]);
        Assert.False(strict.Select(Hello("mail.example.com")).IsRefused);
        Assert.Equal(CloseReason.TlsUnknownName, strict.Select(Hello("unknown.example")).Refusal!.Reason);
    }

    [Fact]
    public void A_listener_whose_certificates_a_reload_could_not_read_presents_those_for_any_name()
    {
        var store = _folder.Store(Shared);
        var broken = _folder.Write(Own with { Key = Shared.Key }, "broken");
        Assert.Single(store.UpdateSources([_folder.Write(Shared)], [broken]));
        Assert.Equal(Shared.Thumbprint, Presented(Policy(store, [broken]), "mail.example.org"));
    }

    [Fact]
    public void Where_unknown_names_are_refused_so_is_a_routed_one_that_no_certificate_covers()
    {
        var store = _folder.Store();
        var own = _folder.Write(Own);
        Assert.Empty(store.UpdateSources([_folder.Write(Shared)], [own]));
        var tls = new TlsSettings(UnknownName: UnknownName.Reject);
        var policy = Policy(store, Route("other", "mail.example.org", "mail.example.com") with { Certificates = [own], Tls = tls });
        Assert.False(policy.Select(Hello("mail.example.org")).IsRefused);
        var refused = policy.Select(Hello("mail.example.com"));
        Assert.Equal((CloseReason.TlsUnknownName, "mail.example.com"), (refused.Refusal!.Reason, refused.Route!.Name));
    }

    [Fact]
    public void Names_with_equal_terms_have_parameters_of_their_own_which_a_reload_does_not_change()
    {
        var store = _folder.Store(Shared);
        var one = Policy(store, Route("other", "mail.example.org", "vip.tenant.example"), Route("tenants", "*.tenant.example"));
        var reloaded = Policy(store, Route("tenants", "*.tenant.example"), Route("other", "mail.example.org"));
        string?[] names = [null, "mail.example.org", "vip.tenant.example", "a.tenant.example"];
        Assert.Equal(4, names.Select(name => one.Select(Hello(name)).Parameters).Distinct().Count());
        Assert.Equal(one.Select(Hello("mail.example.org")).Parameters, reloaded.Select(Hello("mail.example.org")).Parameters);
        Assert.Equal(one.Select(Hello("a.tenant.example")).Parameters, reloaded.Select(Hello("b.tenant.example")).Parameters);
    }

    [Fact]
    public void A_route_that_needs_the_user_is_none_for_a_handshake_and_the_names_own_route_is_still_found()
    {
        var store = _folder.Store(Shared);
        var modern = new TlsSettings(TlsVersion.Tls13);
        var users = Route("users", "mail.example.org", "mail.example.com") with { Users = ["bob"], Tls = modern };
        var policy = Policy(store, users, Route("other", "mail.example.org"), users with { Names = [] });
        Assert.Equal(("mail.example.org", "other"), Routed("mail.example.org"));
        Assert.Null(Routed("mail.example.com"));
        Assert.False(policy.Select(Hello("mail.example.com", 0x0303)).IsRefused);

        (string, string)? Routed(string name) => policy.Select(Hello(name)).Route is { } route ? (route.Name, route.Backend.Name) : null;
    }

    private static string Presented(TlsPolicy policy, string? name) => policy.Select(Hello(name)).Certificate!.Leaf.Thumbprint;

    private static TlsPolicy Policy(CertificateStore store, params RouteSettings[] routes) => Policy(store, [], routes);

    private static TlsPolicy Policy(CertificateStore store, CertificateSettings[] own, params RouteSettings[] routes) =>
        new(new TlsSettings(), MailProtocol.Smtp, store, routes.Select(route => (route, Backend(route.Backend))), own);

    private static RouteSettings Route(string backend, params string[] names) => new() { Names = names, Backend = backend, Tls = new TlsSettings() };

    private static BackendSettings Backend(string name) => TestGateway.Settings("/nowhere").Backends[0] with { Name = name };

    private static ClientHello Hello(string? serverName, params ushort[] versions)
    {
        var builder = new HelloBuilder().Versions(versions.Length == 0 ? [0x0304, 0x0303] : versions).Signatures(0x0403, 0x0804);
        Assert.True(
            ClientHelloParser.TryParse((serverName is null ? builder : builder.ServerName(serverName)).Message().AsSpan(4), out var hello, out _));
        return hello!;
    }
}
