namespace TlsFront.Configuration;

/// <summary>Does what an operator asks for with SIGHUP.</summary>
internal interface IReloadHandler
{
    /// <summary>Begins it. Within the handler of a signal: never throws, and waits for nothing that takes long.</summary>
    void Reload();
}
