using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Protocols.HeldLogin;

namespace TlsFront.Gateway;

/// <summary>
/// What clients of a listener are offered before anybody is connected for them: what all destinations offer that they might be led to, as probes
/// found it. A destination that was never asked does not count; one that is gone for a while still does.
/// </summary>
/// <param name="protocol">What the listener speaks.</param>
/// <param name="backends">The backends its sessions may go to.</param>
/// <param name="pools">Their destinations.</param>
/// <param name="takesCertificates">Whether clients may log in by certificate.</param>
internal sealed class LoginOffer(MailProtocol protocol, IReadOnlyList<BackendSettings> backends, BackendPools pools, bool takesCertificates)
{
    private readonly Destination[] _destinations =
        [.. backends.SelectMany(backend => backend.Destinations.Select(pools.Of(backend.Name).Get))];

    private volatile Known? _known;

    /// <summary>What a session hears until its login is complete.</summary>
    public LoginDialogue CreateDialogue()
    {
        var (_, offer, certifiedOffer, _) = Current;
        return ProtocolProfile.Of(protocol).CreateLoginDialogue(offer, certifiedOffer);
    }

    /// <summary>The SASL mechanisms that a session hears before TLS, where it may log in without.</summary>
    public IReadOnlyList<string> Mechanisms => Current.Mechanisms;

    private Known Current
    {
        get
        {
            var known = _known;
            if (known is null || !IsCurrent(known))
            {
                var lists = Array.ConvertAll(_destinations, static destination => destination.Capabilities);
                var asked = lists.OfType<IReadOnlyList<Capability>>().ToList();
                var common = asked.Count == 0 ? null : Capability.Intersect(asked);
                var profile = ProtocolProfile.Of(protocol);
                _known = known = new(
                    lists, profile.FormatOffer(common), takesCertificates ? profile.FormatOffer(common, isCertified: true) : [],
                    profile.MechanismsOf(common));
            }

            return known;
        }
    }

    private bool IsCurrent(Known known)
    {
        for (var i = 0; i < _destinations.Length; i++)
        {
            if (!ReferenceEquals(_destinations[i].Capabilities, known.Lists[i]))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Known(
        IReadOnlyList<Capability>?[] Lists, byte[] Offer, byte[] CertifiedOffer, IReadOnlyList<string> Mechanisms);
}
