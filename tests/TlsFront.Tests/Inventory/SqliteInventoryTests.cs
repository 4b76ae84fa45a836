using System.Net;
using TlsFront.Configuration;
using TlsFront.Inventory;

namespace TlsFront.Tests.Inventory;

/// <summary>The inventory in a file, and what can become of a file.</summary>
public sealed class SqliteInventoryTests : InventoryContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");

    private protected override InventorySettings Settings => new() { Path = PathOf("inventory.db") };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_file_is_its_owner_s_alone()
    {
        Add(Login("bob"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("inventory.db")));
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_mistake_in_the_configuration()
    {
        using var store = InventoryStore.Of(new() { Path = PathOf("nowhere/inventory.db") }, out _)!;
        var failure = store.Prepare();
        Assert.True(failure!.IsSetup);
        Assert.Contains(PathOf("nowhere/inventory.db"), failure.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5000)]
    public void A_truncated_file_takes_nothing_and_is_no_mistake_until_it_is_moved_away(int length)
    {
        Add([.. Enumerable.Range(0, 1000).Select(static index => Login($"user{index}"))]);
        using (var file = File.OpenWrite(PathOf("inventory.db")))
        {
            file.SetLength(length);
        }

        var failure = Inventory().Add([Login("bob")]);
        if (length <= 1)
        {
            // To SQLite, this is an empty database.
            Assert.Null(failure);
        }
        else
        {
            Assert.False(failure!.IsSetup);
            File.Delete(PathOf("inventory.db"));
            Add(Login("bob"));
        }

        Assert.Equal([1], Numbers("SELECT count(*) FROM login"));
    }

    [Fact]
    public void A_file_of_something_else_is_not_touched()
    {
        File.WriteAllText(PathOf("inventory.db"), new string('x', 10_000));
        Assert.True(Store.Prepare()!.IsSetup);
        Assert.Equal(new string('x', 10_000), File.ReadAllText(PathOf("inventory.db")));
    }

    [Fact]
    public void While_somebody_else_holds_it_it_takes_nothing_and_then_it_does()
    {
        Assert.Null(Store.Prepare());
        StoreFailure? failure = null;
        Assert.Null(Store.Write(_ => failure = Inventory().Add([Login("bob")])));
        Assert.False(failure!.IsSetup);
        Assert.Contains("locked", failure.Words, StringComparison.Ordinal);
        Add(Login("bob"));
        Assert.Equal([1], Numbers("SELECT count(*) FROM login"));
    }

    [Fact]
    public void Users_are_kept_under_pseudonyms_and_found_by_name()
    {
        File.WriteAllText(PathOf("key"), "0123456789abcdef\n");
        Add(Login("old@example.org"));
        var hashed = Settings with { HashesUsers = true, KeyFile = PathOf("key") };
        Assert.Null(Inventory(hashed).Add([Login("Bob@example.org"), Login("bob@example.org"), Login("ann@example.org")]));

        var names = new InventoryReader(Store).Logins(null).Select(static login => login.User!).Order(StringComparer.Ordinal).ToList();
        // printf bob@example.org | openssl dgst -sha256 -hmac 0123456789abcdef
        Assert.Contains("hmac:ebb15e992b3a80dadb5ae05338aa5114", names);
        Assert.Equal(3, names.Count);
        Assert.True(UserNames.TryCreate(hashed, out var users, out _));
        Assert.Equal(3, new InventoryReader(Store).RowsOf(users.AllOf("BOB@example.org")).Count());
        Assert.Null(Inventory(hashed).Forget("bob@example.org", out var rows));
        Assert.Equal(3, rows);

        // Written before there was a key.
        Assert.Null(Inventory(hashed).Forget("OLD@example.org", out rows));
        Assert.Equal(2, rows);
    }

    [Theory]
    [InlineData("192.0.2.7", true, "192.0.2.0")]
    [InlineData("192.0.2.7", false, "192.0.2.7")]
    [InlineData("2001:db8:1:2::3", true, "2001:db8:1::")]
    [InlineData("2001:db8:1:2::3", false, "2001:db8:1:2::3")]
    public void Addresses_are_kept_as_it_is_said(string client, bool truncates, string kept)
    {
        Assert.Null(Inventory(Settings with { TruncatesAddresses = truncates }).Add([Login("bob", client: client)]));
        Assert.Equal(IPAddress.Parse(kept), new InventoryReader(Store).Logins(null).Single().Client);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
