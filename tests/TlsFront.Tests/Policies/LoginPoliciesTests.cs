using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Protocols;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Policies;

/// <summary>What a client may be offered before it is known who its user is.</summary>
public sealed class LoginPoliciesTests
{
    private static readonly PolicySettings Printers = new()
    {
        Name = "printers",
        Action = PolicyAction.Allow,
        TlsBelow = TlsVersion.Tls12,
        Users = new(["printer@example.org"], []),
    };

    private static readonly PolicySubject Printer = new()
    {
        Listener = TestGateway.Settings(".").Listeners[1],
        Connection = "01M85QFA1M536K68",
        Client = IPAddress.Parse("10.20.9.7"),
        User = "",
        Transport = LoginTransport.Implicit,
        ServerName = "mail.example.com",
        Tls = TlsVersion.Tls10,
        HasWeakCipher = true,
        Ja4 = null,
        Program = null,
        Now = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void An_exception_for_users_is_offered_to_whoever_it_will_be() => Assert.True(MayLetIn(Printers));

    [Fact]
    public void Without_an_exception_nothing_is_offered()
    {
        Assert.False(MayLetIn());
        Assert.False(MayLetIn(Printers with { TlsBelow = TlsVersion.Tls11 }, Printer with { Tls = TlsVersion.Tls11 }));
        Assert.False(MayLetIn(Printers with { Protocols = [MailProtocol.Pop3] }));
    }

    [Theory]
    [InlineData("10.20.9.0/24", false)]
    [InlineData("10.20.8.0/24", true)]
    public void A_refusal_above_it_hides_it_where_it_holds_for_everybody(string network, bool isOffered) => Assert.Equal(
        isOffered,
        MayLetIn(
            new PolicySettings { Name = "floor", Action = PolicyAction.Refuse, Networks = new(NetworkSet.Of([IPNetwork.Parse(network)]), []) },
            Printers));

    [Fact]
    public void A_refusal_of_some_users_hides_nothing()
    {
        for (var number = 0; number < 50; number++)
        {
            // Whether nobody's name is in the share depends on the policy's.
            Assert.True(MayLetIn(new PolicySettings { Name = $"p{number}", Action = PolicyAction.Refuse, Sample = 0.5 }, Printers));
        }

        Assert.True(MayLetIn(new PolicySettings { Name = "p", Action = PolicyAction.Refuse, Users = new(["bob"], []) }, Printers));
        Assert.True(MayLetIn(new PolicySettings { Name = "p", Action = PolicyAction.Refuse, Programs = ["MFP*"] }, Printers));
    }

    private static bool MayLetIn(params PolicySettings[] list) => MayLetIn(list, Printer);

    private static bool MayLetIn(PolicySettings policy, in PolicySubject client) => MayLetIn([policy], client);

    private static bool MayLetIn(PolicySettings[] list, in PolicySubject client)
    {
        using var policies = new LoginPolicies(
            new SettingsStore(TestGateway.Settings(".") with { Policies = list }), NullLogger<LoginPolicies>.Instance);
        return policies.MayLetIn(client);
    }
}
