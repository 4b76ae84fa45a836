using TlsFront.Handover;

namespace TlsFront.Transport.Native;

/// <summary>A frozen session of the native engine; the loop does what is decided about it.</summary>
internal sealed class FrozenNativeSession(NativeConnection connection, StateWriter state, int client, int backend) : IFrozenSession
{
    private readonly int[] _descriptors = [client, backend];

    public StateWriter State => state;

    public ReadOnlySpan<int> Descriptors => _descriptors;

    public void Release()
    {
        state.Dispose();
        connection.Release();
    }

    public void Thaw()
    {
        state.Dispose();
        connection.Thaw();
    }
}
