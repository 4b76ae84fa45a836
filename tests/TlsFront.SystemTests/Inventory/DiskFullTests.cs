using System.Net;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Inventory;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Inventory;

/// <summary>An inventory on a disk that is full.</summary>
public sealed class DiskFullTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public async Task InitializeAsync() =>
        (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", _folder.Folder("small")])).Succeeded();

    public async Task DisposeAsync() => (await Command.RunAsync("umount", ["--lazy", _folder.PathOf("small")])).Succeeded();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_does_not_fit_is_not_written_at_all_and_once_there_is_room_all_of_it_is()
    {
        var settings = new InventorySettings { Path = _folder.PathOf("small", "inventory.db") };
        using var store = InventoryStore.Of(settings, out _)!;
        var inventory = new LoginInventory(store, new UserNames(null), settings);
        Assert.Null(inventory.Add(Some(100, "before")));

        var ballast = _folder.PathOf("small", "ballast");
        using (var file = File.Create(ballast))
        {
            var block = new byte[4096];
            Assert.Throws<IOException>((Action)(() =>
            {
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }));
        }

        var waiting = Some(500, "waits");
        var failure = inventory.Add(waiting);
        Assert.NotNull(failure);
        Assert.Contains(settings.Path!, failure.Words, StringComparison.Ordinal);

        File.Delete(ballast);
        Assert.Null(inventory.Add(waiting));
        Assert.Equal("ok", store.Read("PRAGMA integrity_check").Select(static row => row.GetString(0)).Single());
        Assert.Equal(600, store.Read("SELECT count(*) FROM login").Select(static row => row.GetInt64(0)).Single());
        Assert.Equal(600, store.Read("SELECT sum(logins) FROM usage").Select(static row => row.GetInt64(0)).Single());
    }

    private static RecordedLogin[] Some(int count, string name) =>
    [
        .. Enumerable.Range(0, count).Select(user => new RecordedLogin(
            new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero), $"{name}{user}@example.org", IPAddress.Loopback, "imaps", "imap", "implicit",
            null, null, LoginOutcome.Accepted, null, PolicyAction.None)),
    ];
}
