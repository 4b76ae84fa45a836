namespace TlsFront.Protocols;

/// <summary>What a server offers before the login.</summary>
/// <param name="Text">The list as the server wrote it, on one line.</param>
/// <param name="OffersStartTls">Whether STARTTLS or STLS is in it.</param>
/// <param name="OffersLogin">Whether it has a login that works through the gateway.</param>
/// <param name="Items">Its items, one by one.</param>
/// <param name="ForbidsLogin">Whether the server says, or shows by what is missing, that nobody may log in on this connection.</param>
internal sealed record ServerCapabilities(
    string Text, bool OffersStartTls, bool OffersLogin, IReadOnlyList<Capability> Items, bool ForbidsLogin = false);
