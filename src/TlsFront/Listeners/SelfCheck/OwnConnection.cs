namespace TlsFront.Listeners.SelfCheck;

/// <summary>Marks, as a feature, a connection the gateway made to itself.</summary>
internal sealed class OwnConnection
{
    public static readonly OwnConnection Instance = new();

    private OwnConnection()
    {
    }
}
