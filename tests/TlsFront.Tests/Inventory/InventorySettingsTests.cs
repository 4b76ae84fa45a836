using TlsFront.Configuration;
using TlsFront.Tests.Configuration;

namespace TlsFront.Tests.Inventory;

/// <summary><c>inventory</c>, as it is written.</summary>
public sealed class InventorySettingsTests
{
    [Fact]
    public void There_is_none_by_default_and_one_with_defaults_by_a_path()
    {
        using var folder = new SettingsFolder();
        Assert.False(folder.Load().Settings!.Inventory.IsKept);
        folder.Write(SettingsFolder.Good + "\ninventory: { path: inventory.db }");
        var result = folder.Load();
        Assert.Empty(result.Problems);
        Assert.Equal(
            new InventorySettings
            {
                Path = folder.At("inventory.db"),
                FlushEvery = TimeSpan.FromSeconds(10),
                Retention = new(TimeSpan.FromDays(14), TimeSpan.FromDays(180), TimeSpan.Zero),
            },
            result.Settings!.Inventory);
    }

    [Theory]
    [InlineData("path: i.db, postgres: Host=db", "inventory.path", "is one database too many: postgres names another")]
    [InlineData("postgres: Database=x", "inventory.postgres", "names no host")]
    [InlineData("postgres: nonsense", "inventory.postgres", "is no connection string of Npgsql")]
    [InlineData("postgres: Host=db;Nonsense=1", "inventory.postgres", "is no connection string of Npgsql")]
    [InlineData("postgres: Host=db;Password=s3cret", "inventory.postgres", "holds the password")]
    [InlineData(
        "postgres: Host=db;Multiplexing=true", "inventory.postgres",
        "combines options that exclude each other: Pooling must be on to use multiplexing")]
    [InlineData("path: i.db, users: hashed", "inventory.users", "has no key")]
    [InlineData("path: i.db, users: hashed, keyFile: short", "inventory.keyFile", "holds fewer than 16 characters")]
    [InlineData("path: i.db, flushEvery: 0s", "inventory.flushEvery", "is out of range")]
    [InlineData("path: i.db, retention: { raw: 14 }", "inventory.retention.raw", "is not a number of days")]
    [InlineData("path: i.db, retention: { users: 0d }", "inventory.retention.users", "is out of range")]
    public void What_is_wrong_is_named(string inventory, string setting, string message)
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + $"\ninventory: {{ {inventory} }}");
        File.WriteAllText(folder.At("short"), "0123456789");
        var problem = folder.Loader().Load().Problems.Single(static problem => problem.Severity == Severity.Error);
        Assert.Equal((setting, message), (problem.Setting, problem.Message));
        Assert.DoesNotContain("s3cret", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.internal", true)]
    [InlineData("Host=192.0.2.7;SSL Mode=Prefer", true)]
    [InlineData("Host=/run/postgresql,db.internal", true)]
    [InlineData("Host=localhost.example.org;SSL Mode=Disable", true)]
    [InlineData("Host=db.internal;SSL Mode=Require", false)]
    [InlineData("Host=db.internal;SSL Mode=VerifyCA", false)]
    [InlineData("Host=db.internal;SSL Mode=VerifyFull", false)]
    [InlineData("Host=/run/postgresql", false)]
    [InlineData("Host=@socket", false)]
    [InlineData("Host=localhost:5433,127.0.0.1:5433", false)]
    [InlineData("Host=::1", false)]
    public void A_database_elsewhere_is_to_be_asked_by_TLS(string connection, bool isTold)
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + $"\ninventory: {{ postgres: \"{connection}\" }}");
        var problems = folder.Loader().Load().Problems;
        Assert.Equal(isTold ? [Severity.Warning] : [], problems.Select(static problem => problem.Severity));
        Assert.All(problems, problem => Assert.Equal(
            ("inventory.postgres", "(not shown)", "lets names and networks of users cross the network in clear"),
            (problem.Setting, problem.Value, problem.Message)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + "\ninventory: { postgres: Host=/run, passwordFile: nowhere }");
        var problem = folder.Loader().Load().Problems.Single();
        Assert.Equal(
            ("inventory.passwordFile", $"{folder.At("nowhere")}: the password's file does not exist"), (problem.Setting, problem.Message));
    }

    [Theory]
    [InlineData("flushEvery: 20s", "inventory.flushEvery")]
    [InlineData("path: i.db, passwordFile: secret", "inventory.passwordFile")]
    [InlineData("path: i.db, keyFile: secret", "inventory.keyFile")]
    public void What_means_nothing_is_told(string inventory, string setting)
    {
        using var folder = new SettingsFolder(SettingsFolder.Good + $"\ninventory: {{ {inventory} }}");
        File.WriteAllText(folder.At("secret"), "0123456789abcdef");
        var problems = folder.Load().Problems;
        Assert.All(problems, static problem => Assert.Equal(Severity.Warning, problem.Severity));
        Assert.Contains(problems, problem => problem.Setting == setting && problem.Message.StartsWith("has no effect: ", StringComparison.Ordinal));
    }
}
