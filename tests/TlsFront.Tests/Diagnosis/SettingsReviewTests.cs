using System.Net;
using TlsFront.Configuration;
using TlsFront.Diagnosis;
using TlsFront.Tests.Architecture;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Tls;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Diagnosis;

public sealed class SettingsReviewTests
{
    [Theory]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::/0", true)]
    [InlineData("0.0.0.0/1 128.0.0.0/1", true)]
    [InlineData("::/1 8000::/1 10.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("0.0.0.0/1", false)]
    [InlineData("8000::/1", false)]
    [InlineData("", false)]
    public void Networks_that_hold_everybody_are_known_in_any_number_of_pieces(string networks, bool expected)
    {
        var set = NetworkSet.Of([.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)]);
        Assert.Equal(expected, set.HoldsEverybody);
        var settings = TestGateway.Settings("");
        settings = settings with { Listeners = [settings.Listeners[0] with { ProxyProtocol = new ProxyHeaderSettings(set, RefusesOthers: false) }] };
        Assert.Equal(
            expected ? [("listener submissions", Fault.TrustedNetworkWideOpen)] : [],
            SettingsReview.Of(settings, CertificateSnapshot.Empty).Select(found => (found.Subject, found.Finding.Fault)));
    }

    [Fact]
    public void A_routed_name_that_no_certificate_covers_is_an_error()
    {
        var settings = TestGateway.Settings("");
        settings = settings with
        {
            Listeners =
            [
                settings.Listeners[0] with
                {
                    Routes =
                    [
                        new RouteSettings { Names = ["mail.bank.example", settings.HostName], Backend = "postfix", Tls = settings.Listeners[0].Tls },
                        // It has no certificates of its own: nothing of it counts before the login.
                        new RouteSettings { Names = ["other.example"], Users = ["bob"], Backend = "postfix", Tls = settings.Listeners[0].Tls }
                    ]
                }
            ]
        };
        using var folder = new CertificateFolder();
        var found = SettingsReview.Of(settings, folder.Store(TestAuthority.Shared.Ecdsa(settings.HostName)).Current).Single();
        Assert.Equal(
            ("listener submissions", Fault.CertificateDoesNotCover, Severity.Error), (found.Subject, found.Finding.Fault, found.Finding.Severity));
        Assert.Contains("mail.bank.example", found.Finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_README_explains_every_diagnosis()
    {
        var readme = File.ReadAllText(RepositoryRoot.PathOf("README.md"));
        Assert.All(Enum.GetValues<Fault>(), fault => Assert.Contains($"`{fault.Tag()}`", readme, StringComparison.Ordinal));
    }
}
