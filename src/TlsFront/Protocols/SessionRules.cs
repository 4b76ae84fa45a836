using TlsFront.Protocols.Smtp;

namespace TlsFront.Protocols;

/// <summary>What an operator decides about the sessions of a listener. Each protocol applies the rules that concern it.</summary>
/// <param name="Authentication">SMTP: whether mail may be handed in before the backend accepted a login.
/// Defaults to <see cref="Authentication.Required"/>, because a backend may count the gateway's address among the networks it relays for.</param>
/// <param name="BareNewlines">What happens to CR and LF that do not stand together.
/// Defaults to <see cref="BareNewlines.Normalize"/>, as Postfix 3.9 does.</param>
/// <param name="NamesGroup">SMTP: whether <c>Received</c> names the key exchange group, where it is known (RFC 8314 section 4.3).</param>
/// <param name="HidesClient">SMTP: whether <c>Received</c> keeps the client's address and name to itself.</param>
internal sealed record SessionRules(
    Authentication Authentication = Authentication.Required,
    BareNewlines BareNewlines = BareNewlines.Normalize,
    bool NamesGroup = false,
    bool HidesClient = false);
