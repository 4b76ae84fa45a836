using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TlsFront.Configuration;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tests.Tls;

/// <summary>Renewal as it happens on disk. Each <c>Refresh</c> is one look, a second apart in production.</summary>
public sealed class CertificateStoreTests : IDisposable
{
    private static readonly TestCertificate Old = TestAuthority.Shared.Ecdsa("mail.example.com");
    private static readonly TestCertificate New = TestAuthority.Shared.Ecdsa("mail.example.com", "new.example.com");

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_do_not_change_are_left_alone()
    {
        var store = _folder.Store(Old);
        var snapshot = store.Current;
        store.Refresh();
        store.Refresh();
        Assert.Same(snapshot, store.Current);
        Assert.Single(Logs());
    }

    [Fact]
    public void Files_renamed_into_place_are_served_at_the_look_that_finds_the_pair()
    {
        var store = _folder.Store(Old);
        Rename("fullchain.pem", New.FullChain);
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));
        Rename("privkey.pem", New.Key);
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
        Assert.True(store.Current.Find("new.example.com").Covered);
        Assert.Empty(Logs(LogLevel.Error));
    }

    [Fact]
    public void A_key_that_comes_before_its_certificate_is_waited_for()
    {
        var store = _folder.Store(Old);
        Rename("privkey.pem", New.Key);
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));
        Rename("fullchain.pem", New.FullChain);
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
        Assert.Empty(Logs(LogLevel.Error));
    }

    [Fact]
    public void Links_into_an_archive_are_followed_when_they_are_swapped()
    {
        Archive(1, Old);
        Directory.CreateDirectory(_folder.At("live"));
        Link("live/fullchain.pem", "../archive/fullchain1.pem");
        Link("live/privkey.pem", "../archive/privkey1.pem");
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new(_folder.At("live"), null)]));

        Archive(2, New);
        Link("live/fullchain.pem", "../archive/fullchain2.pem");
        Link("live/privkey.pem", "../archive/privkey2.pem");
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
    }

    [Fact]
    public void The_data_link_of_a_mounted_secret_is_followed_when_it_is_swapped()
    {
        Secret("..one", Old);
        Link("..data", "..one");
        Link("tls.crt", "..data/tls.crt");
        Link("tls.key", "..data/tls.key");
        var store = _folder.Store();
        Assert.Empty(store.UpdateSources([new(_folder.Path, null)]));

        Secret("..two", New);
        Link("..data", "..two");
        Directory.Delete(_folder.At("..one"), recursive: true);
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
    }

    [Fact]
    public void Files_written_in_place_are_not_served_by_halves()
    {
        var store = _folder.Store(Old);
        var chain = _folder.At("source0", "fullchain.pem");
        File.WriteAllText(_folder.At("source0", "privkey.pem"), New.Key);
        for (var length = 0; length < New.FullChain.Length; length += 97)
        {
            File.WriteAllText(chain, New.FullChain[..length]);
            store.Refresh();
            Assert.Equal(Old.Thumbprint, Served(store));
        }

        // Whole certificates, but not yet all of them.
        File.WriteAllText(chain, New.Leaf);
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));

        File.WriteAllText(chain, New.FullChain);
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
        Assert.Empty(Logs(LogLevel.Error));
        Assert.Empty(Logs(LogLevel.Warning));
    }

    [Fact]
    public void A_leaf_without_chain_is_served_when_it_stays_and_warned_of()
    {
        var store = _folder.Store(Old);
        File.WriteAllText(_folder.At("source0", "privkey.pem"), New.Key);
        File.WriteAllText(_folder.At("source0", "fullchain.pem"), New.Leaf);
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
        Assert.Contains("without intermediate certificates", Assert.Single(Logs(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_stays_mismatched_is_told_once_and_keeps_the_last_good_one()
    {
        var store = _folder.Store(Old);
        File.WriteAllText(_folder.At("source0", "fullchain.pem"), New.FullChain);
        for (var look = 0; look < 5; look++)
        {
            store.Refresh();
        }

        Assert.Equal(Old.Thumbprint, Served(store));
        Assert.Contains("privkey.pem (ECDSA P-256) is not the key of", Assert.Single(Logs(LogLevel.Error)), StringComparison.Ordinal);

        File.WriteAllText(_folder.At("source0", "privkey.pem"), New.Key);
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
        Assert.Single(Logs(LogLevel.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Garbage_keeps_the_last_good_one(string text)
    {
        var store = _folder.Store(Old);
        File.WriteAllText(_folder.At("source0", "fullchain.pem"), text);
        store.Refresh();
        store.Refresh();
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));
        Assert.Single(Logs(LogLevel.Error));
    }

    [Fact]
    public void Deleted_files_keep_the_last_good_one_until_new_ones_come()
    {
        var store = _folder.Store(Old);
        Directory.Delete(_folder.At("source0"), recursive: true);
        store.Refresh();
        store.Refresh();
        store.Refresh();
        Assert.Equal(Old.Thumbprint, Served(store));
        Assert.Single(Logs(LogLevel.Error));

        _folder.Write(New, "source0");
        store.Refresh();
        Assert.Equal(New.Thumbprint, Served(store));
    }

    [Fact]
    public void Two_faults_one_after_the_other_are_both_told()
    {
        var store = _folder.Store(Old);
        foreach (var text in new[] { "garbage", New.FullChain })
        {
            File.WriteAllText(_folder.At("source0", "fullchain.pem"), text);
            store.Refresh();
            store.Refresh();
        }

        Assert.Equal(2, Logs(LogLevel.Error).Count);
    }

    [Fact]
    public void One_broken_source_does_not_keep_the_others_from_renewal()
    {
        var store = _folder.Store(Old, TestAuthority.Shared.Ecdsa("second.example.com"));
        File.WriteAllText(_folder.At("source0", "fullchain.pem"), "garbage");
        _folder.Write(New, "source1");
        store.Refresh();
        Assert.Equal([Old.Thumbprint, New.Thumbprint], store.Current.All.Select(static certificate => certificate.Leaf.Thumbprint));
    }

    [Fact]
    public void At_the_start_every_unusable_source_is_named()
    {
        var store = _folder.Store();
        var problems = store.UpdateSources([new(_folder.At("none"), null), _folder.Write(Old), _folder.Write(Old with { Key = New.Key })]);
        Assert.Equal(2, problems.Count);
        Assert.Contains(_folder.At("none"), problems[0], StringComparison.Ordinal);
        Assert.Contains(_folder.At("source1", "privkey.pem"), problems[1], StringComparison.Ordinal);
        Assert.Empty(store.Current.All);
        Assert.Contains("no certificate is configured", Assert.Single(store.UpdateSources([])), StringComparison.Ordinal);
    }

    [Fact]
    public void New_sources_replace_the_old_ones_all_or_nothing()
    {
        var store = _folder.Store(Old);
        var first = new CertificateSettings(_folder.At("source0"), null);
        Assert.Single(store.UpdateSources([_folder.Write(New), new(_folder.At("none"), null)]));
        Assert.Equal([Old.Thumbprint], store.Current.All.Select(static certificate => certificate.Leaf.Thumbprint));

        // A source that stays keeps what it has, even if its files are broken just now.
        File.Delete(_folder.At("source0", "privkey.pem"));
        Assert.Empty(store.UpdateSources([_folder.Write(New), first, first]));
        Assert.Equal([New.Thumbprint, Old.Thumbprint], store.Current.All.Select(static certificate => certificate.Leaf.Thumbprint));

        Assert.Empty(store.UpdateSources([first]));
        Assert.Equal([Old.Thumbprint], store.Current.All.Select(static certificate => certificate.Leaf.Thumbprint));
    }

    [Fact]
    public void A_certificate_that_expires_while_it_is_served_is_an_error_once_a_day()
    {
        var now = _folder.Time.GetUtcNow();
        var store = _folder.Store(TestAuthority.Shared.Valid(now.AddDays(-1), now.AddHours(2), "mail.example.com"));
        store.Refresh();
        Assert.Empty(Logs(LogLevel.Error));
        for (var hour = 0; hour < 49; hour++)
        {
            _folder.Time.Advance(TimeSpan.FromHours(1));
            store.Refresh();
            store.Refresh();
        }

        Assert.Equal(2, Logs(LogLevel.Error).Count(static line => line.Contains("fullchain.pem: it expired on", StringComparison.Ordinal)));
        _folder.Write(New, "source0");
        store.Refresh();
        _folder.Time.Advance(TimeSpan.FromDays(2));
        store.Refresh();
        Assert.Equal(2, Logs(LogLevel.Error).Count);
    }

    [Fact]
    public void A_certificate_not_valid_yet_is_an_error_at_once()
    {
        var now = _folder.Time.GetUtcNow();
        _folder.Store(TestAuthority.Shared.Valid(now.AddDays(1), now.AddDays(9), "mail.example.com")).Refresh();
        Assert.Contains("not valid before", Assert.Single(Logs(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_log_line_has_key_material()
    {
        var store = _folder.Store(Old);
        File.WriteAllText(_folder.At("source0", "fullchain.pem"), New.FullChain);
        File.WriteAllText(_folder.At("source0", "privkey.pem"), New.Key[..80]);
        store.Refresh();
        store.Refresh();
        Assert.Equal(2, Logs().Count);
        Assert.DoesNotContain(
            Logs(), line => line.Contains("PRIVATE KEY-", StringComparison.Ordinal) || line.Contains(New.Key[40..60], StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_watcher_serves_a_new_certificate_within_two_seconds()
    {
        var store = _folder.Store(Old);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var time = new TimerSignal();
        using var watcher = new SettingsFileWatcher([store], time, NullLogger<SettingsFileWatcher>.Instance);
        await watcher.StartAsync(CancellationToken.None);
        await time.TimerCreated.WaitAsync(deadline.Token);
        _folder.Write(New, "source0");

        var until = time.GetUtcNow().AddSeconds(2);
        while (Served(store) != New.Thumbprint)
        {
            deadline.Token.ThrowIfCancellationRequested();
            if (time.GetUtcNow() < until)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Yield();
        }

        await watcher.StopAsync(CancellationToken.None);
        Assert.Equal(TaskStatus.RanToCompletion, watcher.ExecuteTask!.Status);
    }

    private static string Served(CertificateStore store) => store.Current.Find("mail.example.com").First[0].Leaf.Thumbprint;

    private List<string> Logs(LogLevel? level = null) =>
        [.. _folder.Logger.Collector.GetSnapshot().Where(record => level is null || record.Level == level).Select(static record => record.Message)];

    /// <summary>Writes a file beside its place and renames it there, as careful programs do.</summary>
    private void Rename(string name, string text)
    {
        File.WriteAllText(_folder.At("source0", name + ".new"), text);
        File.Move(_folder.At("source0", name + ".new"), _folder.At("source0", name), overwrite: true);
    }

    /// <summary>Points a link elsewhere.</summary>
    private void Link(string link, string target)
    {
        File.Delete(_folder.At(link));
        File.CreateSymbolicLink(_folder.At(link), target);
    }

    private void Archive(int number, TestCertificate certificate)
    {
        Directory.CreateDirectory(_folder.At("archive"));
        File.WriteAllText(_folder.At("archive", $"fullchain{number}.pem"), certificate.FullChain);
        File.WriteAllText(_folder.At("archive", $"privkey{number}.pem"), certificate.Key);
    }

    private void Secret(string folder, TestCertificate certificate)
    {
        Directory.CreateDirectory(_folder.At(folder));
        File.WriteAllText(_folder.At(folder, "tls.crt"), certificate.FullChain);
        File.WriteAllText(_folder.At(folder, "tls.key"), certificate.Key);
    }

    /// <summary>Tells when the watcher waits for its first tick: time advanced earlier would be lost.</summary>
    private sealed class TimerSignal : FakeTimeProvider
    {
        private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TimerCreated => _created.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _created.TrySetResult();
            return timer;
        }
    }
}
