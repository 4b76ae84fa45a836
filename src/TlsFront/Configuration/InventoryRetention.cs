namespace TlsFront.Configuration;

/// <summary>How long the inventory keeps what; zero for ever.</summary>
/// <param name="Raw">Single logins. Defaults to 14 days, as long as logs against abuse are usually kept.</param>
/// <param name="Users">The logins of a day of each user and network. Defaults to 180 days.</param>
/// <param name="Totals">The logins of a day, of nobody in particular. Defaults to for ever.</param>
internal sealed record InventoryRetention(TimeSpan Raw, TimeSpan Users, TimeSpan Totals)
{
    public InventoryRetention()
        : this(TimeSpan.FromDays(14), TimeSpan.FromDays(180), TimeSpan.Zero)
    {
    }
}
