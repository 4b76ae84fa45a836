using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Holds a loop's thread, so that everything that happens meanwhile reaches it in one wake-up.</summary>
internal sealed class LoopGate : ILoopWork, IDisposable
{
    private readonly SemaphoreSlim _held = new(0);
    private readonly ManualResetEventSlim _open = new();

    /// <summary>Holds the loop of the latest connection; it goes on when the gate is disposed.</summary>
    public static async Task<LoopGate> CloseAsync(NativeGateway gateway)
    {
        var gate = new LoopGate();
        ((NativeConnection)gateway.Latest!).Loop.Post(gate);
        Assert.True(await gate._held.WaitAsync(NativeGateway.Patience));
        return gate;
    }

    public void RunOnLoop()
    {
        _held.Release();
        Assert.True(_open.Wait(NativeGateway.Patience));
    }

    public void Dispose() => _open.Set();
}
