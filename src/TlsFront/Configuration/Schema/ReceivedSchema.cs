namespace TlsFront.Configuration.Schema;

/// <summary><c>received</c>.</summary>
internal static class ReceivedSchema
{
    public static readonly SettingsSection<ReceivedSettings> Section = new("received", "The `Received` lines of submitted messages.", new(),
        new Setting<ReceivedSettings, bool>("client", new ChoiceType<bool>(("full", false), ("hide", true)),
            static received => received.HidesClient, static (received, value) => received with { HidesClient = value },
            "`full`: the client's address and the name it gave itself, as RFC 5321 section 4.4 asks. "
            + "`hide`: `hidden.invalid` in their place, for all who read the message; the log still has them by the `id`."),
        new Setting<ReceivedSettings, bool>("group", new ChoiceType<bool>(("off", false), ("on", true)),
            static received => received.Group, static (received, value) => received with { Group = value },
            "Name the key exchange group after the cipher (RFC 8314 section 4.3), where the engine knows it. "
            + "Strict readers of RFC 5321 stumble over this second clause."));
}
