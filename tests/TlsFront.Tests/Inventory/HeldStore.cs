using System.Data.Common;
using TlsFront.Inventory;

namespace TlsFront.Tests.Inventory;

/// <summary>A database that lets a reader wait until it is told, and then cannot be read.</summary>
internal sealed class HeldStore : InventoryStore
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _readings;

    /// <summary>Completes when somebody waits.</summary>
    public Task Entered => _entered.Task;

    /// <summary>How often it was asked.</summary>
    public int Readings => Volatile.Read(ref _readings);

    public override string Name => "held";

    protected override string RowKey => "";

    protected override string KeptByKey => "";

    protected override string HasTables => "";

    protected override int RowsAtOnce => 1;

    /// <summary>Lets those who wait and all others go on.</summary>
    public void Release() => _released.TrySetResult();

    public override void Dispose()
    {
        Release();
        base.Dispose();
    }

    protected override bool IsSetup(Exception exception) => false;

    protected override DbConnection Connect(bool isWriter)
    {
        Interlocked.Increment(ref _readings);
        _entered.TrySetResult();
        _released.Task.Wait();
        throw new IOException("it has no rows");
    }

    protected override DbTransaction Begin(DbConnection connection) => throw new NotSupportedException();
}
