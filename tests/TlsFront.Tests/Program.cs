using TlsFront.Configuration;
using TlsFront.Tests.Inventory;
using TlsFront.Tests.Transport.Native;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Tests;

/// <summary>What tests start as a process of its own, because it ends the process.</summary>
internal static class Program
{
    /// <summary>An event loop that fails.</summary>
    public const string BrokenLoop = "broken-loop";

    /// <summary>A writer of the inventory that is killed.</summary>
    public const string InventoryWriter = "inventory-writer";

    private static int Main(string[] arguments)
    {
        if (arguments is [InventoryWriter, var database])
        {
            SqliteKillTests.Write(database);
            return 1;
        }

        if (arguments is not [BrokenLoop])
        {
            return 2;
        }

        var loop = new EventLoop(0, new NativeSettings(), TimeProvider.System, new NativeObjects());
        loop.Post(new FailingWork());
        Thread.Sleep(TimeSpan.FromMinutes(1));
        return 0;
    }
}
