namespace TlsFront.Listeners.Upgrade;

/// <summary>The process that is to replace this one.</summary>
internal interface ISuccessorProcess : IDisposable
{
    /// <summary>Its process id.</summary>
    int Id { get; }

    /// <summary>Completes when it ends, with its exit code.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it.</summary>
    void Kill();
}
