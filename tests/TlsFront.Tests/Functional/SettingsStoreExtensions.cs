using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>A replacement that is expected to succeed.</summary>
internal static class SettingsStoreExtensions
{
    /// <summary>Puts <paramref name="settings"/> in force everywhere.</summary>
    public static void Replace(this SettingsStore store, GatewaySettings settings)
    {
        var replacement = store.Prepare(settings);
        Assert.Empty(replacement.Problems);
        Assert.Empty(replacement.Commit());
    }
}
