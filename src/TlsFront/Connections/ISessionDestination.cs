namespace TlsFront.Connections;

/// <summary>The destination of a session, told what the session sees of it. Called on the engine's thread: cheap, never throws.</summary>
internal interface ISessionDestination
{
    /// <summary>It greeted.</summary>
    void Greeted();

    /// <summary>It offers a login, or it does not although nobody may do anything without.</summary>
    void LoginOffered(bool isOffered);
}
