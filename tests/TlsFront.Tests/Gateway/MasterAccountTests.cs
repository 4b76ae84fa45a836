using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Gateway;
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
        var (isPrepared, facts) = Prepare("alice@a.example", Backend(separator));
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
        var (isPrepared, facts) = Prepare(user, Backend(separator));
        Assert.False(isPrepared);
        Assert.NotNull(facts.LoginRefusal);
        Assert.Null(facts.BackendLogin);
    }

    [Fact]
    public void A_password_is_handed_on_as_it_is()
    {
        var (isPrepared, facts) = Prepare("master", Backend(), isByCertificate: false);
        Assert.True(isPrepared);
        Assert.Null(facts.BackendLogin);
    }

    [Fact]
    public void Without_its_password_nobody_is_logged_in_and_the_start_says_why()
    {
        File.WriteAllText(_password, "");
        var (isPrepared, facts) = Prepare("alice", Backend());
        Assert.False(isPrepared);
        Assert.Null(facts.LoginRefusal);
        using var accounts = new MasterAccounts(Settings(Backend()), NullLogger<MasterAccounts>.Instance);
        Assert.Contains(_password, Assert.Single(accounts.Problems), StringComparison.Ordinal);
    }

    private static SettingsStore Settings(BackendSettings backend) => new(GatewaySettings.Blank with { Backends = [backend] });

    private BackendSettings Backend(string? separator = null) => new()
    {
        Name = "dovecot",
        Kind = BackendKind.Dovecot,
        Destinations = ["192.0.2.1:143"],
        ProxyProtocol = default,
        Master = new("master", _password, separator),
    };

    private static (bool IsPrepared, SessionFacts Facts) Prepare(string user, BackendSettings backend, bool isByCertificate = true)
    {
        var facts = MachineHarness.DefaultFacts();
        (facts.User, facts.IsLoginByCertificate) = (user, isByCertificate);
        using var accounts = new MasterAccounts(Settings(backend), NullLogger<MasterAccounts>.Instance);
        return (accounts.TryPrepare(facts, backend), facts);
    }
}
