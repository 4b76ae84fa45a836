namespace TlsFront.Admin;

/// <summary>
/// Whose turn it is to read much of the inventory: the live page and replays keep what they make of it in memory, and so one of them runs at a time.
/// </summary>
internal sealed class InventoryTurn : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Takes the turn if nobody has it.</summary>
    public bool TryTake() => _turn.Wait(0);

    /// <summary>Takes the turn once nobody has it.</summary>
    public Task TakeAsync(CancellationToken stop) => _turn.WaitAsync(stop);

    /// <summary>Gives it back.</summary>
    public void Return() => _turn.Release();

    public void Dispose() => _turn.Dispose();
}
