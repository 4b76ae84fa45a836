namespace TlsFront.Configuration.Schema;

/// <summary><c>received</c>.</summary>
internal static class ReceivedSchema
{
    public static readonly Setting<bool> HidesClient = new("client", new ChoiceType<bool>(("full", false), ("hide", true)),
        "`full`: the client's address and the name it gave itself, as RFC 5321 section 4.4 asks. `hide`: `hidden.invalid` in their place, for all who read the message; the log still has them by the `id`.")
    { Default = new ReceivedSettings().HidesClient };

    public static readonly Setting<bool> Group = new("group", new ChoiceType<bool>(("off", false), ("on", true)),
        "Name the key exchange group after the cipher (RFC 8314 section 4.3), where the engine knows it. Strict readers of RFC 5321 stumble over this second clause.")
    { Default = new ReceivedSettings().Group };

    public static readonly SettingsSection Section = new("received", "The `Received` lines of submitted messages.", HidesClient, Group);
}
