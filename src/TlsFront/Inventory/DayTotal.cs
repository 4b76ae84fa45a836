using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>The logins of a day that were accepted, by transport and TLS version.</summary>
/// <param name="Day">The day, in days since 1970, UTC.</param>
/// <param name="Transport">What they came by.</param>
/// <param name="Tls">The TLS version; null in cleartext.</param>
/// <param name="Logins">How many.</param>
internal readonly record struct DayTotal(long Day, LoginTransport Transport, TlsVersion? Tls, long Logins);
