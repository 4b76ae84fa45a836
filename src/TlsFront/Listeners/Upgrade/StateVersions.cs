namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// The versions of a session's state that a process reads, and writes. A release that changes the state reads its predecessor's for as long as
/// upgrades from that are supported, and writes it too, so that the way back is open.
/// </summary>
/// <param name="Oldest">The oldest one.</param>
/// <param name="Newest">The newest one.</param>
internal sealed record StateVersions(int Oldest, int Newest)
{
    /// <summary>Those of this program. Layouts from before the first release are not kept.</summary>
    public static readonly StateVersions Current = new(1, 1);

    /// <summary>The newest one that both know; null if there is none.</summary>
    public int? Common(StateVersions other) =>
        Math.Min(Newest, other.Newest) is var version && version >= Math.Max(Oldest, other.Oldest) ? version : null;
}
