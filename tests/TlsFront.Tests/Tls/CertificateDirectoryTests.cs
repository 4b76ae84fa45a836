using Microsoft.Extensions.Logging;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>Folders of many certificates, on real files. Each <c>Refresh</c> is one look.</summary>
public sealed class CertificateDirectoryTests : IDisposable
{
    private static readonly TestCertificate First = TestAuthority.Shared.Ecdsa("first.example.com");
    private static readonly TestCertificate Second = TestAuthority.Shared.Rsa("second.example.com");
    private static readonly TestCertificate Third = TestAuthority.Shared.Ecdsa("third.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_pairs_and_folders_are_found_by_name_and_the_rest_is_left_alone()
    {
        Many();
        File.WriteAllText(_folder.At("README"), "certbot's");
        File.WriteAllText(_folder.At(".a.pem.new"), "half");
        File.WriteAllText(_folder.At("b.issuer.crt"), "lego's");
        Directory.CreateDirectory(_folder.At("lost+found"));
        Directory.CreateDirectory(_folder.At("notes"));
        File.WriteAllText(_folder.At("notes", "renewals.txt"), "ours");
        Assert.Equal(
            [new(_folder.At("a.pem"), null, "p", true), new(
                _folder.At("b.crt"), _folder.At("b.key"), "p", true), new(_folder.At("c"), null, "p", true)],
            CertificateDirectory.Expand(new(_folder.Path, null, "p")).AsEnumerable());
        Assert.Equal(["first.example.com", "second.example.com", "third.example.com"], Names(Store()));
    }

    [Fact]
    public void The_good_ones_are_served_and_each_of_the_others_is_told_once()
    {
        Many();
        File.WriteAllText(_folder.At("d.pem"), "garbage");
        File.WriteAllText(_folder.At("e.pem"), "");
        File.CreateSymbolicLink(_folder.At("f"), _folder.At("gone"));
        Directory.CreateDirectory(_folder.At("g"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder.At("h")).FullName, "fullchain.pem"), First.FullChain);
        Directory.CreateDirectory(_folder.At("i"));
        File.CreateSymbolicLink(_folder.At("i", "cert.pem"), "../gone.pem");
        File.CreateSymbolicLink(_folder.At("j.pem"), "j.pem");
        var store = Store();
        for (var look = 0; look < 3; look++)
        {
            store.Refresh();
        }

        Assert.Equal(["first.example.com", "second.example.com", "third.example.com"], Names(store));
        Assert.Collection(
            Errors(),
            error => Assert.Contains("d.pem: the file holds no PEM certificate", error, StringComparison.Ordinal),
            error => Assert.Contains("e.pem: the file is empty", error, StringComparison.Ordinal),
            error => Assert.Contains($"f: the symbolic link leads to {_folder.At("gone")}, which does not exist", error, StringComparison.Ordinal),
            error => Assert.Contains("g: the folder is empty", error, StringComparison.Ordinal),
            error => Assert.Contains("privkey.pem: the file does not exist", error, StringComparison.Ordinal),
            error => Assert.Contains("cert.pem: the symbolic link leads to ../gone.pem, which does not exist", error, StringComparison.Ordinal),
            error => Assert.Contains("j.pem: ", error, StringComparison.Ordinal));

        _folder.Write(TestAuthority.Shared.Ecdsa("fourth.example.com"), "g");
        store.Refresh();
        Assert.Contains("fourth.example.com", Names(store));
    }

    [Fact]
    public void A_folder_of_which_nothing_can_be_used_stops_the_start()
    {
        File.WriteAllText(_folder.At("a.pem"), "garbage");
        File.WriteAllText(_folder.At("b.pem"), "");
        Assert.Equal(2, _folder.Store().UpdateSources([new(_folder.Path, null)]).Count);
    }

    [Fact]
    public void A_single_source_that_cannot_be_used_stops_the_start_whatever_a_folder_beside_it_has()
    {
        Many();
        Assert.Single(_folder.Store().UpdateSources([new(_folder.Path, null), new(_folder.At("none.pem"), null)]));
    }

    [Fact]
    public void Certificates_come_and_go_with_their_files()
    {
        Many();
        var store = Store();
        var added = TestAuthority.Shared.Ecdsa("added.example.com");
        File.WriteAllText(_folder.At("d.pem"), added.FullChain + added.Key);
        File.Delete(_folder.At("a.pem"));
        store.Refresh();
        Assert.Equal(["first.example.com", "second.example.com", "third.example.com"], Names(store));
        store.Refresh();
        Assert.Equal(["second.example.com", "third.example.com", "added.example.com"], Names(store));
        Assert.Empty(Errors());
    }

    [Fact]
    public void A_new_file_that_is_unusable_is_told_once_and_harms_no_other()
    {
        Many();
        var store = Store();
        File.WriteAllText(_folder.At("d.pem"), First.FullChain);
        for (var look = 0; look < 5; look++)
        {
            store.Refresh();
        }

        Assert.Contains("d.pem", Assert.Single(Errors()), StringComparison.Ordinal);
        Assert.Equal(3, store.Current.All.Length);
        File.WriteAllText(_folder.At("d.pem"), First.FullChain + First.Key);
        store.Refresh();
        Assert.Equal(4, store.Current.All.Length);
    }

    [Fact]
    public void A_folder_that_vanishes_or_is_emptied_keeps_what_it_had()
    {
        Directory.CreateDirectory(_folder.At("many"));
        File.WriteAllText(_folder.At("many", "a.pem"), First.FullChain + First.Key);
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new(_folder.At("many"), null)]));
        File.Delete(_folder.At("many", "a.pem"));
        store.Refresh();
        store.Refresh();
        store.Refresh();
        Assert.Equal(["first.example.com"], Names(store));
        Directory.Delete(_folder.At("many"));
        store.Refresh();
        store.Refresh();
        Assert.Equal(["first.example.com"], Names(store));
        Assert.Single(Errors());
    }

    [Fact]
    public void The_last_usable_one_stays_until_its_successor_can_be_used()
    {
        File.WriteAllText(_folder.At("a.pem"), First.FullChain + First.Key);
        var store = Store();
        File.Delete(_folder.At("a.pem"));
        File.WriteAllText(_folder.At("b.pem"), "garbage");
        for (var look = 0; look < 4; look++)
        {
            store.Refresh();
            Assert.Equal(["first.example.com"], Names(store));
        }

        File.WriteAllText(_folder.At("b.pem"), Third.FullChain + Third.Key);
        store.Refresh();
        store.Refresh();
        store.Refresh();
        Assert.Equal(["third.example.com"], Names(store));
    }

    [Fact]
    public void A_file_also_named_by_itself_is_served_once()
    {
        Many();
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new(_folder.At("a.pem"), null), new(_folder.Path, null)]));
        Assert.Equal(3, store.Current.All.Length);
    }

    private void Many()
    {
        File.WriteAllText(_folder.At("a.pem"), First.Key + First.FullChain);
        File.WriteAllText(_folder.At("b.crt"), Second.FullChain);
        File.WriteAllText(_folder.At("b.key"), Second.Key);
        _folder.Write(Third, "c");
    }

    private CertificateStore Store()
    {
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new(_folder.Path, null)]));
        return store;
    }

    private static IEnumerable<string> Names(CertificateStore store) => store.Current.All.SelectMany(static certificate => certificate.Names);

    private List<string> Errors() =>
        [.. _folder.Logger.Collector.GetSnapshot().Where(static record => record.Level == LogLevel.Error).Select(static record => record.Message)];
}
