namespace TlsFront.Connections;

/// <summary>Tells nobody: for connections that are in no log and no figure.</summary>
internal sealed class Unheard : IConnectionEvents
{
    public static readonly Unheard Instance = new();

    private Unheard()
    {
    }

    public void HeaderEnded(ConnectionRecord record, TimeSpan elapsed)
    {
    }

    public void HandshakeEnded(ConnectionRecord record, CloseReason failure, TimeSpan elapsed)
    {
    }

    public void DestinationPicked(ConnectionRecord record, string backend, string? destination, TimeSpan elapsed)
    {
    }

    public void BackendTried(ConnectionRecord record, string backend, string destination, TimeSpan elapsed, string? failure)
    {
    }

    public void Greeted(ConnectionRecord record)
    {
    }

    public void LoginEnded(ConnectionRecord record, bool accepted)
    {
    }

    public void MessageEnded(ConnectionRecord record, bool accepted)
    {
    }
}
