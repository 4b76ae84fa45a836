using Microsoft.Extensions.Logging;
using TlsFront.Configuration;

namespace TlsFront.Tests.Tls;

/// <summary>Sources that a reload names before they are good.</summary>
public sealed class AwaitedCertificateTests : IDisposable
{
    private static readonly TestCertificate Old = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate New = TestAuthority.Shared.Ecdsa("new.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sources_of_a_reload_that_were_not_good_yet_are_taken_over_once_they_are()
    {
        var store = _folder.Store(Old);
        var added = new CertificateSettings(_folder.At("added.pem"), null);
        Assert.Single(store.UpdateSources([new CertificateSettings(_folder.At("source0"), null), added]));
        File.WriteAllText(added.Path, New.FullChain);
        store.Refresh();
        Assert.False(store.Current.Find("new.example.com").Covered);
        var told = Errors();
        store.Refresh();
        Assert.Equal(told, Errors());
        File.WriteAllText(added.Path, New.FullChain + New.Key);
        store.Refresh();
        Assert.True(store.Current.Find("new.example.com").Covered);
        var snapshot = store.Current;
        store.Refresh();
        Assert.Same(snapshot, store.Current);
    }

    [Fact]
    public void What_a_later_reload_no_longer_names_is_not_waited_for()
    {
        var store = _folder.Store(Old);
        var added = new CertificateSettings(_folder.At("added.pem"), null);
        Assert.Single(store.UpdateSources([new CertificateSettings(_folder.At("source0"), null), added]));
        Assert.Empty(store.UpdateSources([new CertificateSettings(_folder.At("source0"), null)]));
        File.WriteAllText(added.Path, New.FullChain + New.Key);
        store.Refresh();
        Assert.False(store.Current.Find("new.example.com").Covered);
    }

    private int Errors() => _folder.Logger.Collector.GetSnapshot().Count(static record => record.Level == LogLevel.Error);
}
