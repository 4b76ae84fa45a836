using TlsFront.Configuration.Schema;
using TlsFront.Connections;
using TlsFront.Tls;

namespace TlsFront.Configuration;

/// <summary>Reads <c>tls</c>, of the file and of a listener.</summary>
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

    /// <summary>The modern profile has no suite of an older version than 1.3.</summary>
    public static TlsSettings Effective(TlsSettings tls) =>
        tls.Profile == TlsProfile.Modern ? tls with { MinimumVersion = TlsVersion.Tls13 } : tls;
}
