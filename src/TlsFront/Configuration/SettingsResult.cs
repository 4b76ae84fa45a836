using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration;

/// <summary>What became of one attempt to read the settings.</summary>
/// <param name="Settings">The settings; null if there is any error.</param>
/// <param name="Problems">Errors and warnings, in the order of the file.</param>
internal sealed record SettingsResult(GatewaySettings? Settings, IReadOnlyList<Problem> Problems)
{
    /// <summary>The sources of certificates that are there, whatever else is wrong: so that their content can be judged in the same run.</summary>
    public IReadOnlyList<Placed<CertificateSettings>> Certificates { get; init; } = [];

    /// <summary>The listeners, whatever else is wrong.</summary>
    public IReadOnlyList<ListenerDraft> Listeners { get; init; } = [];

    /// <summary>The policies, whatever else is wrong.</summary>
    public IReadOnlyList<Draft<PolicySettings>> Policies { get; init; } = [];

    /// <summary>The sources of certificates that single listeners and routes present.</summary>
    public IEnumerable<Placed<CertificateSettings>> OwnCertificates =>
        Listeners.SelectMany(static listener => listener.Certificates.Concat(listener.Routes.SelectMany(static route => route.Certificates)));

    /// <summary>The files of session ticket keys that are there, whatever else is wrong.</summary>
    public IReadOnlyList<Placed<string>> TicketKeys { get; init; } = [];
}
