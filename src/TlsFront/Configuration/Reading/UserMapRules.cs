using TlsFront.Configuration.Schema;
using TlsFront.Configuration.Users;
using TlsFront.Protocols;

namespace TlsFront.Configuration.Reading;

/// <summary>Reads the user maps of listeners, which name backends.</summary>
internal static class UserMapRules
{
    /// <summary>The listeners, each with the backends that its map names; notes what is wrong with maps.</summary>
    /// <param name="listeners">All listeners.</param>
    /// <param name="backends">All backends, without a mistake: one there would come back in every line of a map.</param>
    /// <param name="maps">Reads them.</param>
    public static IReadOnlyList<ListenerDraft> Apply(
        IReadOnlyList<ListenerDraft> listeners, IReadOnlyList<BackendSettings> backends, UserMapCache maps)
    {
        // A backend that one listener's map names is not for those of other protocols.
        var mapped = listeners.ToList();
        for (var i = 0; i < mapped.Count; i++)
        {
            var (scope, listener, _, _) = mapped[i];
            if (listener.UserMap is not { } path || !scope.HasValid(ListenerSchema.Protocol) || !ProtocolProfile.Of(listener.Protocol).IsUnderstood)
            {
                continue;
            }

            var file = maps.Read(path, UserMapTargets.Of(listener.Protocol, [.. mapped.Select(static draft => draft.Settings)], backends));
            foreach (var problem in file.Problems)
            {
                scope.FailIn(ListenerSchema.UserMap, path, problem);
            }

            mapped[i] = mapped[i] with { Settings = listener with { MappedBackends = file.Map?.Backends ?? [] } };
        }

        return mapped;
    }
}
