using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using TlsFront.Inventory;

namespace TlsFront.Cli;

/// <summary>The inventory of the configuration that a command line names.</summary>
internal sealed class ConfiguredInventory : IDisposable
{
    private readonly InventoryStore _store;

    private ConfiguredInventory(InventoryStore store, UserNames names, LoginInventory logins) => (_store, Names, Logins) = (store, names, logins);

    /// <summary>How users stand in it.</summary>
    public UserNames Names { get; }

    /// <summary>For changes.</summary>
    public LoginInventory Logins { get; }

    /// <summary>For reading.</summary>
    public InventoryReader Reader => new(_store);

    /// <summary>Opens it; false if it cannot be had, which is told.</summary>
    public static bool TryOpen(ConfigurationOptions options, ParseResult parsed, [NotNullWhen(true)] out ConfiguredInventory? inventory)
    {
        inventory = null;
        var error = parsed.InvocationConfiguration.Error;
        var loader = options.Loader(parsed);
        var (settings, problems) = loader.Load();
        if (settings is null)
        {
            ProblemReport.Write(error, problems);
            return false;
        }

        if (!settings.Inventory.IsKept)
        {
            error.WriteLine($"{loader.Path} has no inventory: name its database there in inventory.path, or give the command the gateway's log");
            return false;
        }

        if (!UserNames.TryCreate(settings.Inventory, out var names, out var problem)
            || InventoryStore.Of(settings.Inventory, out problem) is not { } store)
        {
            error.WriteLine($"inventory: {problem}");
            return false;
        }

        if (store.Check() is { } failure)
        {
            store.Dispose();
            error.WriteLine($"inventory: {failure.Words}");
            return false;
        }

        inventory = new(store, names, new LoginInventory(store, names, settings.Inventory));
        return true;
    }

    /// <summary>Runs what reads it, and tells of what goes wrong meanwhile.</summary>
    public int Read(ParseResult parsed, Func<int> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (InventoryStore.IsOfStore(exception))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"inventory: {_store.Name}: {_store.WordsOf(exception)}");
            return ExitCode.Failure;
        }
    }

    public void Dispose() => _store.Dispose();
}
