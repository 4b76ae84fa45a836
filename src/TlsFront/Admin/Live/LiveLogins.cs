namespace TlsFront.Admin.Live;

/// <summary>Logins by one transport and TLS version that were accepted.</summary>
/// <param name="Transport"><c>implicit</c>, <c>starttls</c> or <c>cleartext</c>.</param>
/// <param name="Version">The TLS version as people write it; null in cleartext.</param>
/// <param name="Total">All of them.</param>
/// <param name="Counts">One figure a step, or a day; oldest first.</param>
internal sealed record LiveLogins(string Transport, string? Version, long Total, IReadOnlyList<long> Counts);
