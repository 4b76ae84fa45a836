using TlsFront.Configuration;
using TlsFront.Gateway;
using TlsFront.Protocols;

namespace TlsFront.Tests.Gateway;

public sealed class ListenerSnapshotTests
{
    [Theory]
    [InlineData("ca.pem", "a", null, "ca.pem", true)]
    [InlineData("a.pem", "a", null, "ca.pem", true)]
    [InlineData("a.pem", "b", null, "ca.pem", false)]
    [InlineData("a.pem", "b", "group", "ca.pem", true)]
    [InlineData("ca.pem", "b", null, "ca.pem", true)]
    [InlineData("ca.pem", "b", null, "b.pem", false)]
    public void Authorities_vouch_for_users_of_their_own(string judgedBy, string target, string? group, string authoritiesOfB, bool mayVouch)
    {
        var listener = new ListenerSettings
        {
            Name = "imaps",
            Address = new(0, 993),
            Protocol = MailProtocol.Imap,
            Backend = "a",
            Routes = [new() { Names = ["b.example"], Backend = "b", Tls = new() { ClientCertificates = new(authoritiesOfB) } }],
            Tls = new() { ClientCertificates = new("ca.pem") },
            Rules = new(),
        };
        var snapshot = new ListenerSnapshot(
            listener, Backend("a", group), Tls: null!, LegacyTls: null, new TimeoutSettings(),
            new Dictionary<string, BackendSettings>(), LoginOffer: null, IntroducesClients: false);
        Assert.Equal(mayVouch, snapshot.MayVouch(judgedBy, Backend("a", group), Backend(target, group)));
    }

    private static BackendSettings Backend(string name, string? group) =>
        new() { Name = name, Kind = BackendKind.Dovecot, Destinations = ["192.0.2.1:143"], ProxyProtocol = default, Group = group };
}
