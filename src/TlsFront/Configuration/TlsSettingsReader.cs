using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Configuration;

/// <summary>Reads <c>tls</c>, of the file, of a listener and of a route.</summary>
internal static class TlsSettingsReader
{
    /// <summary>Reads the file's rules.</summary>
    /// <returns>What is written; <see cref="Effective"/> says what it means.</returns>
    public static TlsSettings Read(SettingsScope scope) => Read(scope, new TlsSettings());

    /// <summary>Reads rules over those of <paramref name="inherited"/>.</summary>
    public static TlsSettings Read(SettingsScope scope, TlsSettings inherited)
    {
        var tls = new TlsSettings(
            scope.Has(TlsSchema.MinimumVersion) ? scope.Read(TlsSchema.MinimumVersion) : inherited.MinimumVersion,
            scope.Has(TlsSchema.Profile) ? scope.Read(TlsSchema.Profile) : inherited.Profile,
            scope.Has(TlsSchema.UnknownName) ? scope.Read(TlsSchema.UnknownName) : inherited.UnknownName);
        if (tls.Profile == TlsProfile.Modern && scope.Has(TlsSchema.MinimumVersion) && tls.MinimumVersion < TlsVersion.Tls13)
        {
            scope.Warn(TlsSchema.MinimumVersion, new("has no effect: profile modern accepts TLS 1.3 only", "write \"1.3\" or remove it, or write profile: intermediate"));
        }

        return tls;
    }

    /// <summary>Reads the files of session ticket keys; their paths become absolute, starting from <paramref name="folder"/>.</summary>
    /// <returns>Those without a mistake.</returns>
    public static IReadOnlyList<Placed<string>> ReadTicketKeys(SettingsScope scope, string folder, EngineChoice engine)
    {
        if (!scope.Has(TlsSchema.TicketKeys))
        {
            return [];
        }

        var files = new List<Placed<string>>();
        foreach (var (key, path) in scope.ReadList(TlsSchema.TicketKeys))
        {
            var file = Path.Combine(folder, path);
            if (files.Exists(other => other.Value == file))
            {
                scope.FailAt(key, new("is listed twice", "remove one of the two"));
            }
            else if (!File.Exists(file))
            {
                scope.FailAt(key, PathType.Missing(file, "file"));
            }
            else
            {
                files.Add(scope.PlaceAt(key, file));
            }
        }

        if (engine.IsManaged())
        {
            scope.Warn(TlsSchema.TicketKeys, new("has no effect: the managed engine makes no session tickets", "write engine: auto, on Linux, or remove it"));
        }

        return files;
    }

    /// <summary>The modern profile has no suite of an older version than 1.3.</summary>
    public static TlsSettings Effective(TlsSettings tls) =>
        tls.Profile == TlsProfile.Modern ? tls with { MinimumVersion = TlsVersion.Tls13 } : tls;
}
