namespace TlsFront.Connections;

/// <summary>Tells nobody: for connections that are in no log and no figure.</summary>
internal sealed class NullConnectionEvents : IConnectionEvents
{
    public static readonly NullConnectionEvents Instance = new();

    private NullConnectionEvents()
    {
    }
}
