using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Handover;

namespace TlsFront.Listeners.Upgrade;

/// <summary>
/// Upgrades in place of a reload where the program was replaced since this process started, as a package upgrade does: the new process reads the
/// settings anew.
/// </summary>
internal sealed class UpgradeOnReload(SettingsStore settings, SettingsReloader reloader, IGatewayControl control) : IReloadHandler
{
    /// <summary>What Linux appends to the path of a program whose file was removed or replaced.</summary>
    private const string Replaced = " (deleted)";

    /// <summary>Whether the file of this process's program is another by now.</summary>
    private static bool IsProgramReplaced =>
        OperatingSystem.IsLinux() && new FileInfo("/proc/self/exe").LinkTarget?.EndsWith(Replaced, StringComparison.Ordinal) == true;

    public void Reload()
    {
        if (settings.Current.Upgrade.IsAutomatic && IsProgramReplaced)
        {
            _ = UpgradeAsync();
        }
        else
        {
            reloader.Reload();
        }
    }

    private async Task UpgradeAsync()
    {
        try
        {
            await control.UpgradeAsync();
        }
        catch (HandoverException)
        {
            // Why is in the log. A reload was asked for, and this process can do that.
            reloader.Reload();
        }
    }
}
