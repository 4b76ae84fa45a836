namespace TlsFront.Configuration.Schema;

/// <summary><c>queue</c> of a backend.</summary>
internal static class QueueSchema
{
    public static readonly SettingsSection<QueueSettings> Section = new("queue", "Where sessions wait for a free place.", new(),
        new Setting<QueueSettings, int>("length", new CountType(0, 100_000),
            static queue => queue.Length, static (queue, value) => queue with { Length = value },
            "Sessions that may wait while all permitted destinations are at `maxSessions`; more are refused with \"try again later\"."),
        new Setting<QueueSettings, TimeSpan>("timeout", new DurationType(TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            static queue => queue.Timeout, static (queue, value) => queue with { Timeout = value },
            "How long each may wait; part of `timeouts.connect`."));
}
