using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Configuration;

/// <summary>
/// How users may log in: one entry of an ordered list, of which the first that matches decides. What is absent of a match matches everything.
/// </summary>
internal sealed record PolicySettings
{
    /// <summary>Unique; the policy in logs, metrics and reports.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the listeners it is for. Empty (default) for all.</summary>
    public IReadOnlyList<string> Listeners { get; init; } = [];

    /// <summary>The protocols it is for. Empty (default) for all.</summary>
    public IReadOnlyList<MailProtocol> Protocols { get; init; } = [];

    /// <summary>Where clients come from that it is for; null (default) for anywhere.</summary>
    public AddressListSettings? Networks { get; init; }

    /// <summary>The users it is for; null (default) for all.</summary>
    public UserListSettings? Users { get; init; }

    /// <summary>The server names (SNI) that clients ask for that it is for. Empty (default) for any, and for none.</summary>
    public IReadOnlyList<string> ServerNames { get; init; } = [];

    /// <summary>
    /// What the logins it is for come by; null (default) for any. Nothing but a policy that names cleartext lets a login in that comes by it, or a
    /// rule for a device would open the door for its user's telephone.
    /// </summary>
    public LoginTransport? Transport { get; init; }

    /// <summary>Only sessions with an older TLS version; null (default) for any version.</summary>
    public TlsVersion? TlsBelow { get; init; }

    /// <summary>Only sessions with a cipher suite of this class; null (default) for any.</summary>
    public CipherClass? Cipher { get; init; }

    /// <summary>The JA4 fingerprints of clients that it is for. Empty (default) for all.</summary>
    public IReadOnlyList<string> Ja4 { get; init; } = [];

    /// <summary>
    /// What the programs call themselves that it is for, in EHLO or IMAP's ID, with <c>*</c> for anything. Empty (default) for all, and for those
    /// that do not say.
    /// </summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>What becomes of a login that it matches.</summary>
    public required PolicyAction Action { get; init; }

    /// <summary>When it begins to match; null (default) for always so.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When it no longer matches; null (default) for never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// The part of the users that it matches, above 0 up to 1; null (default) for all. Who is in a part is in every larger one.
    /// </summary>
    public double? Sample { get; init; }

    /// <summary>What <see cref="Sample"/> is a part of. Defaults to the users.</summary>
    public SampleOf SampleOf { get; init; }

    /// <summary>The only times at which it matches. Empty (default) for always.</summary>
    public IReadOnlyList<TimeWindow> During { get; init; } = [];

    /// <summary>Whether IMAP clients that it warns of are shown its message. Defaults to no.</summary>
    public bool IsAlerting { get; init; }

    /// <summary>What a client is told that is refused or shown a warning; null (default) for words about what the policy matches.</summary>
    public string? Message { get; init; }

    /// <summary>Whether it matches for how the client is connected, whoever the user is.</summary>
    public bool IsAboutTransport => Transport is not null || TlsBelow is not null || Cipher is not null;

    /// <summary>
    /// Whether it names what RFC 8996 and RFC 9325 rule out, TLS before 1.2 or a weak cipher suite: nothing but a policy that does lets such a login
    /// in.
    /// </summary>
    public bool NamesLegacy => TlsBelow <= TlsVersion.Tls12 || Cipher is not null;

    /// <summary>Whether it lets logins in that are refused without it.</summary>
    public bool IsException => Action != PolicyAction.Refuse && (Transport == LoginTransport.Cleartext || NamesLegacy);

    /// <summary>Whether it takes a user to know what it does: it refuses, warns, or lets in who would be refused.</summary>
    public bool HoldsLogins => Action != PolicyAction.Allow || IsException;

    /// <summary>Whether who is refused by it may be let in later.</summary>
    public bool IsTemporary => During.Count > 0 || (Sample is not null && SampleOf == SampleOf.Connections);

    /// <summary>Whether any login on <paramref name="listener"/> can match.</summary>
    public bool Covers(ListenerSettings listener) =>
        ProtocolProfile.Of(listener.Protocol).IsUnderstood
        && (Listeners.Count == 0 || Listeners.Contains(listener.Name))
        && (Protocols.Count == 0 || Protocols.Contains(listener.Protocol))
        && (Transport is not { } transport || listener.CanHave(transport));

    /// <summary>Whether logins by <paramref name="transport"/> can match.</summary>
    public bool Covers(LoginTransport transport) =>
        Transport is { } own ? own == transport : transport != LoginTransport.Cleartext || Action == PolicyAction.Refuse;

    public bool Equals(PolicySettings? other) =>
        other is not null
        && (Name, Networks, Users, Transport, TlsBelow) == (other.Name, other.Networks, other.Users, other.Transport, other.TlsBelow)
        && (Action, From, Until, Sample) == (other.Action, other.From, other.Until, other.Sample)
        && (SampleOf, IsAlerting, Message) == (other.SampleOf, other.IsAlerting, other.Message)
        && During.SequenceEqual(other.During)
        && Cipher == other.Cipher
        && Ja4.SequenceEqual(other.Ja4)
        && Programs.SequenceEqual(other.Programs)
        && Listeners.SequenceEqual(other.Listeners)
        && Protocols.SequenceEqual(other.Protocols)
        && ServerNames.SequenceEqual(other.ServerNames);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
