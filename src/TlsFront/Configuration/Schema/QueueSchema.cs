namespace TlsFront.Configuration.Schema;

/// <summary><c>queue</c> of a backend.</summary>
internal static class QueueSchema
{
    private static readonly QueueSettings Defaults = new();

    public static readonly Setting<int> Length = new("length", new CountType(0, 100_000),
        "Sessions that may wait while every destination has `maxSessions`; further ones are told at once to come again.")
    { Default = Defaults.Length };

    public static readonly Setting<TimeSpan> Timeout = new("timeout", new DurationType(TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        "How long each may wait; part of `timeouts.connect`.")
    { Default = Defaults.Timeout };

    public static readonly SettingsSection Section = new("queue", "Where sessions wait for a free place.", Length, Timeout);
}
