using System.Diagnostics;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Inventory;

namespace TlsFront.Tests.Inventory;

/// <summary>A process that writes the inventory dies at any moment: what it had written is there, and of the rest all or nothing.</summary>
public sealed class SqliteKillTests : IDisposable
{
    /// <summary>Logins of one write.</summary>
    public const int Logins = 50;

    private const int Rounds = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tlsfront-test-");

    private string Database => Path.Combine(_folder.FullName, "inventory.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_killed_writer_leaves_all_that_it_had_written()
    {
        using var store = InventoryStore.Of(new() { Path = Database }, out _)!;
        Assert.Null(store.Prepare());
        var random = new Random(1);
        var written = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            written += await RunAndKillAsync(random.Next(10), random.Next(100_000));
            Assert.Equal("ok", store.Read("PRAGMA integrity_check").Select(static row => row.GetString(0)).Single());
            var found = Number(store, "SELECT count(*) FROM login");
            Assert.InRange(found, written * Logins, (written + 1) * Logins);
            Assert.Equal(0, found % Logins);
            Assert.Equal(found, Number(store, "SELECT sum(logins) FROM usage"));
            Assert.Equal(found, Number(store, "SELECT sum(logins) FROM total"));
            written = found / Logins;
        }
    }

    /// <summary>What the process to be killed does: it writes for ever, and says so each time.</summary>
    internal static void Write(string database)
    {
        using var store = InventoryStore.Of(new() { Path = database }, out _)!;
        var inventory = new LoginInventory(store, new UserNames(null), new InventorySettings());
        for (var write = 0; inventory.Add(InventoryContract.Some(Logins, write)) is null; write++)
        {
            Console.WriteLine(write.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<long> RunAndKillAsync(int lines, int turns)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["exec", typeof(SqliteKillTests).Assembly.Location, Program.InventoryWriter, Database])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var written = 0;
        for (; written <= lines; written++)
        {
            Assert.NotNull(await process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        }

        // Anywhere in the next write.
        Thread.SpinWait(turns);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is not null)
        {
            written++;
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
        return written;
    }

    private static long Number(InventoryStore store, string text) => store.Read(text).Select(static row => row.GetInt64(0)).Single();
}
