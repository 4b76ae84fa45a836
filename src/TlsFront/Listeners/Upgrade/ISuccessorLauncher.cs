namespace TlsFront.Listeners.Upgrade;

/// <summary>Starts the process that is to replace this one.</summary>
internal interface ISuccessorLauncher
{
    /// <summary>Starts it.</summary>
    /// <param name="path">The socket where it is awaited.</param>
    /// <exception cref="Handover.HandoverException">It cannot be started.</exception>
    ISuccessorProcess Launch(string path);
}
