namespace TlsFront.Configuration;

/// <summary>Hears of reloads of the settings. Called by one thread at a time.</summary>
internal interface IReloadObserver
{
    /// <summary>An attempt begins; <see cref="Reloaded"/> ends it.</summary>
    void Reloading()
    {
    }

    /// <summary>The attempt ended: the settings of the file are in force, or the previous ones are kept.</summary>
    void Reloaded(bool succeeded);
}
