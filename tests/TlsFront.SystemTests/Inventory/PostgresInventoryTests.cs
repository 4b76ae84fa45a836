using TlsFront.Configuration;
using TlsFront.Inventory;
using TlsFront.Tests.Inventory;

namespace TlsFront.SystemTests.Inventory;

/// <summary>The inventory in PostgreSQL.</summary>
public sealed class PostgresInventoryTests(PostgresServer server) : InventoryContract, IClassFixture<PostgresServer>, IAsyncLifetime
{
    private string _connection = "";

    private protected override InventorySettings Settings => new() { Postgres = _connection, PasswordFile = server.PasswordFile };

    public async Task InitializeAsync() => _connection = await server.CreateDatabaseAsync();

    public Task DisposeAsync()
    {
        Store.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_waits_while_the_server_is_gone_is_written_when_it_is_back()
    {
        Add(Login("ann"));
        using var buffer = new LoginBuffer(100);
        Assert.True(buffer.TryAdd(Login("bob")));
        await server.StopAsync();
        try
        {
            var failure = Inventory().Add(buffer.Take());
            Assert.False(failure!.IsSetup);
            Assert.Contains(Store.Name, failure.Words, StringComparison.Ordinal);
            Assert.True(buffer.TryAdd(Login("carl")));
        }
        finally
        {
            await server.StartAsync();
        }

        for (var logins = buffer.Take(); logins.Length > 0; logins = buffer.Take())
        {
            Assert.Null(Inventory().Add(logins));
            buffer.Release();
        }

        Assert.Equal([3], Numbers("SELECT count(*) FROM login"));
        Assert.Equal([3], Numbers("SELECT sum(logins) FROM total"));
    }

    [Fact]
    public void A_database_that_is_not_there_and_a_password_that_is_wrong_are_mistakes_of_the_configuration()
    {
        using var nowhere = InventoryStore.Of(Settings with { Postgres = server.ConnectionTo("nowhere") }, out _)!;
        var failure = nowhere.Prepare();
        Assert.True(failure!.IsSetup);
        Assert.Contains("database \"nowhere\" does not exist (SQLSTATE 3D000)", failure.Words, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("password"), "another");
        using var stranger = InventoryStore.Of(Settings with { PasswordFile = folder.PathOf("password") }, out _)!;
        failure = stranger.Prepare();
        Assert.True(failure!.IsSetup);
        Assert.DoesNotContain("another", failure.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_gateways_that_start_at_once_make_the_tables_once()
    {
        using var other = InventoryStore.Of(Settings, out _)!;
        var failures = await Task.WhenAll(Task.Run(Store.Prepare), Task.Run(other.Prepare));
        Assert.All(failures, Assert.Null);
        Assert.Equal([1], Numbers("SELECT count(*) FROM inventory"));
    }
}
