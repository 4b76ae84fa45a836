using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols;

namespace TlsFront.Tests.Gateway;

/// <summary>Who is logged in by a master account, and for whose sake it is not used.</summary>
public sealed class MasterAccountTests : IDisposable
{
    private readonly string _password = Path.GetTempFileName();

    public MasterAccountTests() => File.WriteAllText(_password, "s3cr3t\n");

    public void Dispose() => File.Delete(_password);

    [Theory]
    [InlineData(null, "alice@a.example", "master", "s3cr3t")]
    [InlineData("*", null, "alice@a.example*master", "s3cr3t")]
    public void A_user_with_a_certificate_is_logged_in_by_it(string? separator, string? authorization, string authentication, string password)
    {
        var (isPrepared, facts) = Prepare("alice@a.example", Backend("a", separator: separator), Backend("a", separator: separator));
        Assert.True(isPrepared);
        Assert.Equal((authorization, authentication), (facts.BackendLogin!.AuthorizationId, facts.BackendLogin.AuthenticationId));
        Assert.Equal(password, Encoding.UTF8.GetString(facts.BackendLogin.Password.Span));
    }

    [Theory]
    [InlineData("master", null)]
    [InlineData("Master", null)]
    [InlineData("master@a.example", null)]
    [InlineData("alice*bob", "*")]
    public void Nobody_becomes_the_account_itself_or_somebody_else(string user, string? separator)
    {
        var (isPrepared, facts) = Prepare(user, Backend("a", separator: separator), Backend("a", separator: separator));
        Assert.False(isPrepared);
        Assert.NotNull(facts.LoginRefusal);
        Assert.Null(facts.BackendLogin);
    }

    [Theory]
    [InlineData("ca.pem", "a", null, "ca.pem", true)]
    [InlineData("a.pem", "a", null, "ca.pem", true)]
    [InlineData("a.pem", "b", null, "ca.pem", false)]
    [InlineData("a.pem", "b", "group", "ca.pem", true)]
    [InlineData("ca.pem", "b", null, "ca.pem", true)]
    [InlineData("ca.pem", "b", null, "b.pem", false)]
    public void Authorities_vouch_for_users_of_their_own(string judgedBy, string target, string? group, string ofB, bool isPrepared)
    {
        var routes = new RouteSettings[]
        {
            new() { Names = ["b.example"], Backend = "b", Tls = new() { ClientCertificates = new(ofB) } },
        };
        Assert.Equal(
            isPrepared, Prepare("bob@b.example", Backend("a", group), Backend(target, group), judgedBy, routes).IsPrepared);
    }

    [Fact]
    public void A_password_is_handed_on_as_it_is()
    {
        var (isPrepared, facts) = Prepare("master", Backend("a"), Backend("a"), isByCertificate: false);
        Assert.True(isPrepared);
        Assert.Null(facts.BackendLogin);
    }

    [Fact]
    public void Without_its_password_nobody_is_logged_in_and_the_start_says_why()
    {
        File.WriteAllText(_password, "");
        var (isPrepared, facts) = Prepare("alice", Backend("a"), Backend("a"));
        Assert.False(isPrepared);
        Assert.Null(facts.LoginRefusal);
        using var accounts = new MasterAccounts(Settings(Backend("a")), NullLogger<MasterAccounts>.Instance);
        Assert.Contains(_password, Assert.Single(accounts.Problems), StringComparison.Ordinal);
    }

    private static SettingsStore Settings(BackendSettings backend) => new(GatewaySettings.Blank with { Backends = [backend] });

    private BackendSettings Backend(string name, string? group = null, string? separator = null) => new()
    {
        Name = name,
        Kind = BackendKind.Dovecot,
        Destinations = ["192.0.2.1:143"],
        ProxyProtocol = default,
        Group = group,
        Master = new("master", _password, separator),
    };

    private static (bool IsPrepared, SessionFacts Facts) Prepare(
        string user, BackendSettings named, BackendSettings target, string judgedBy = "ca.pem", IReadOnlyList<RouteSettings>? routes = null,
        bool isByCertificate = true)
    {
        var facts = MachineHarness.DefaultFacts();
        facts.Tls = facts.Tls! with { ClientCertificate = new(user, CommonName: null, judgedBy) };
        (facts.User, facts.IsLoginByCertificate) = (user, isByCertificate);
        var listener = new ListenerSettings
        {
            Name = "imaps",
            Address = new(0, 993),
            Protocol = MailProtocol.Imap,
            Backend = named.Name,
            Routes = routes ?? [],
            Tls = new() { ClientCertificates = new("ca.pem") },
            Rules = new(),
        };
        var snapshot = new ListenerSnapshot(
            listener, named, Tls: null!, new TimeoutSettings(), new Dictionary<string, BackendSettings>(), LoginOffer: null,
            IntroducesClients: false);
        using var accounts = new MasterAccounts(Settings(target), NullLogger<MasterAccounts>.Instance);
        return (accounts.TryPrepare(facts, snapshot, named, target), facts);
    }
}
