using System.Diagnostics.CodeAnalysis;
using System.Net;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>A login that the log tells of, or those of one day, user and network that the inventory has counted.</summary>
internal sealed record ObservedLogin
{
    /// <summary>When; of several, the last.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of several, when the first was.</summary>
    public DateTimeOffset First { get => field == default ? At : field; init; }

    /// <summary>How many.</summary>
    public long Count { get; init; } = 1;

    /// <summary>The listener.</summary>
    public required string Listener { get; init; }

    /// <summary>Whether it was accepted.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>What was spoken there; null if that is not known.</summary>
    public string? Protocol { get; init; }

    /// <summary>Where the client was, or the first address of its <see cref="Network"/>: one of the two is always given.</summary>
    public IPAddress Client { get => field ??= ClientNetwork.AddressIn(Network); init; }

    /// <summary>Whether <see cref="Client"/> is the first address of the client's network, and no more is known.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The client's network.</summary>
    [AllowNull]
    public string Network { get => field ?? ClientNetwork.Of(Client); init; }

    /// <summary>Who logged in, in lower case; null where the mechanism does not show it.</summary>
    public required string? User { get; init; }

    /// <summary>The server name the client asked for.</summary>
    public required string? ServerName { get; init; }

    /// <summary>What it came by.</summary>
    public required LoginTransport Transport { get; init; }

    /// <summary>The TLS version; null in cleartext.</summary>
    public required TlsVersion? Tls { get; init; }

    /// <summary>Whether its cipher suite is weak (RFC 9325 section 4).</summary>
    public required bool HasWeakCipher { get; init; }

    /// <summary>The best that the client offered; null if that is not known.</summary>
    public TlsOffer? Offer { get; init; }

    /// <summary>The JA4 fingerprint of the client's hello.</summary>
    public required string? Ja4 { get; init; }

    /// <summary>What its program calls itself, or null.</summary>
    public required string? Program { get; init; }

    /// <summary>The policy that decided on it, or null.</summary>
    public string? Policy { get; init; }

    /// <summary>What a policy decided on it.</summary>
    public required PolicyAction Action { get; init; }

    /// <summary>Whether it tells of a password or a token that crossed the network in clear, whatever became of it.</summary>
    public bool IsExposed { get; init; }

    /// <summary>Whether it came as RFC 8314 wants logins to come: by implicit TLS 1.2 or later.</summary>
    public bool MeetsRfc8314 => Transport == LoginTransport.Implicit && Tls >= TlsVersion.Tls12;
}
