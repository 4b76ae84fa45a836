namespace TlsFront.Admin.Live;

/// <summary>Event <c>migration</c>: what the inventory says of how users log in. It is as old as the last reading.</summary>
/// <param name="State">
/// <c>off</c> without an inventory, <c>reading</c> before it was read, <c>read</c>, or <c>failed</c>, with what was read before that.
/// </param>
/// <param name="Slow">Whether a reading takes long now.</param>
/// <param name="Problem">Why it cannot be read; in full for those who may give commands.</param>
/// <param name="ReadAt">When it was read last.</param>
/// <param name="FirstDay">The first day of the figures.</param>
/// <param name="Days">Logins that were accepted, by day (UTC).</param>
/// <param name="Progress">The last day, the day a week before it and that a month before it.</param>
/// <param name="Groups">Who needs to migrate first: listeners; for those who may give commands also programs, networks and users.</param>
internal sealed record LiveMigration(
    string State, bool Slow, string? Problem, DateTimeOffset? ReadAt, DateOnly? FirstDay, IReadOnlyList<LiveLogins> Days,
    IReadOnlyList<LiveMigration.Share> Progress, IReadOnlyList<LiveMigration.Group> Groups)
{
    /// <summary>What part comes by implicit TLS 1.2 or later.</summary>
    /// <param name="When"><c>day</c>, <c>week</c> or <c>month</c>.</param>
    /// <param name="Logins">Of the logins, 0 to 1; null if there was none.</param>
    /// <param name="Users">Of the users, with all of their logins.</param>
    internal sealed record Share(string When, double? Logins, double? Users);

    /// <summary>Those who do not come so, in the last week.</summary>
    /// <param name="By">What a row is: <c>listener</c>, <c>program</c>, <c>network</c> or <c>user</c>.</param>
    /// <param name="Total">How many there are.</param>
    /// <param name="TooMany">Whether there are too many to tell apart; then none is shown.</param>
    /// <param name="Rows">The first of them.</param>
    internal sealed record Group(string By, int Total, bool TooMany, IReadOnlyList<Row> Rows);

    /// <summary>One of them.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Logins">Its logins that do not come by implicit TLS 1.2 or later, and were accepted.</param>
    /// <param name="Cleartext">Those of them in cleartext.</param>
    /// <param name="StartTls">Those of them behind STARTTLS.</param>
    /// <param name="Refused">Logins that a policy refused.</param>
    /// <param name="Exposed">Connections on which a password crossed the network in clear.</param>
    /// <param name="Versions">TLS versions, the oldest first.</param>
    /// <param name="Last">The last of them.</param>
    internal sealed record Row(
        string Name, long Logins, long Cleartext, long StartTls, long Refused, long Exposed, IReadOnlyList<string> Versions, DateTimeOffset Last);
}
