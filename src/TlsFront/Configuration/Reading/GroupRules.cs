using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration.Reading;

/// <summary>Rules between the backends of a group.</summary>
internal static class GroupRules
{
    public static void Check(IReadOnlyList<Draft<BackendSettings>> backends)
    {
        var grouped = backends.Where(static draft => draft.Settings.Group is not null).ToList();
        foreach (var (scope, backend) in grouped)
        {
            var others = grouped.Where(draft => draft.Scope != scope).Select(static draft => draft.Settings.Group!).ToList();
            if (!others.Contains(backend.Group!))
            {
                scope.Warn(BackendSchema.Group, new(
                    "is named by this backend alone",
                    Nearest.DidYouMean(backend.Group!, others) + "name it in the other backends of the same users, or remove it"));
            }
            else if (grouped.TakeWhile(draft => draft.Scope != scope).FirstOrDefault(draft => AreApart(draft.Settings, backend)) is { } other)
            {
                scope.Warn(BackendSchema.Group, new(
                    $"has no effect between this backend and {other.Settings.Name}, which have no host in common",
                    "write hosts of destinations alike in both, or name different groups"));
            }
        }
    }

    /// <summary>Without destinations a backend has a mistake already.</summary>
    private static bool AreApart(BackendSettings one, BackendSettings other) =>
        one.Group == other.Group && one.Destinations.Count > 0 && other.Destinations.Count > 0
        && !one.Destinations.Select(DestinationHost.Of).Intersect(other.Destinations.Select(DestinationHost.Of)).Any();
}
