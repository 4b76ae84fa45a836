namespace TlsFront.Admin;

/// <summary>
/// The file of the admin endpoint's Unix socket. A process that is to replace another one has it under a name of its own until it is the gateway;
/// then the file takes the other one's place, and whoever connects gets one of the two.
/// </summary>
/// <param name="bound">Where the socket is bound.</param>
/// <param name="path">Where it is expected.</param>
internal sealed class AdminSocketName(string bound, string path)
{
    private bool _isPublished = bound == path;

    /// <summary>Puts it where it is expected.</summary>
    public void Publish()
    {
        if (!_isPublished)
        {
            _isPublished = true;
            File.Move(bound, path, overwrite: true);
        }
    }

    /// <summary>Removes it.</summary>
    public void Remove() => File.Delete(_isPublished ? path : bound);
}
