using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;

namespace TlsFront.Diagnosis;

/// <summary>One destination and what was seen of it.</summary>
/// <param name="Backend">Its backend.</param>
/// <param name="Destination"><c>host:port</c>.</param>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="NeedsLogin">Whether a listener wants a login before mail.</param>
/// <param name="Observations">First a conversation such as sessions have; then those that differ from it, if there are.</param>
internal sealed record ExaminedDestination(
    BackendSettings Backend, string Destination, MailProtocol Protocol, bool NeedsLogin, IReadOnlyList<Observation> Observations)
{
    /// <summary>The conversation such as sessions have.</summary>
    public Observation AsSession => Observations[0];

    /// <summary>The product, by the settings or else by what it says of itself.</summary>
    public BackendKind Product => Backend.Kind != BackendKind.Generic ? Backend.Kind
        : Observations.Select(observation => KindOf(observation.Line)).FirstOrDefault(kind => kind != BackendKind.Generic);

    /// <summary>The PROXY header to recommend: the best the product reads.</summary>
    public ProxyHeaderVersion BestHeader =>
        BackendKindRules.Of(Product).ProxyProtocol is var version && version != ProxyHeaderVersion.None ? version : ProxyHeaderVersion.V2;

    private static BackendKind KindOf(string greeting) =>
        Enum.GetValues<BackendKind>().FirstOrDefault(
            kind => kind != BackendKind.Generic && greeting.Contains(kind.ToString(), StringComparison.OrdinalIgnoreCase));
}
