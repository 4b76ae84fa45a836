namespace TlsFront.Configuration.Schema;

/// <summary><c>upgrade</c>.</summary>
internal static class UpgradeSchema
{
    public static readonly SettingsSection<UpgradeSettings> Section = new("upgrade", "How a new process takes over, sessions included.", new(),
        new Setting<UpgradeSettings, TimeSpan>("timeout", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            static upgrade => upgrade.Timeout, static (upgrade, value) => upgrade with { Timeout = value },
            "How long the new process may take to start, and later for each answer. After that the running one continues."),
        new Setting<UpgradeSettings, bool>("automatic", new ChoiceType<bool>(("on", true), ("off", false)),
            static upgrade => upgrade.IsAutomatic, static (upgrade, value) => upgrade with { IsAutomatic = value },
            "`on`: a program file that was replaced takes over with the next reload (SIGHUP), and an upgrade of the package does so at once. "
            + "`off`: a reload only reloads, and the package restarts the service."));
}
