using TlsFront.Configuration;

namespace TlsFront.Tests.Configuration;

/// <summary>Remembers how reloads ended.</summary>
internal sealed class ReloadRecorder : IReloadObserver
{
    private bool _began;

    public List<bool> Results { get; } = [];

    void IReloadObserver.Reloading()
    {
        Assert.False(_began);
        _began = true;
    }

    void IReloadObserver.Reloaded(bool succeeded)
    {
        Assert.True(_began);
        _began = false;
        Results.Add(succeeded);
    }
}
