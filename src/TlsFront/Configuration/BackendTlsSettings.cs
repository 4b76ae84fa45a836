namespace TlsFront.Configuration;

/// <summary>TLS towards a backend.</summary>
internal sealed record BackendTlsSettings
{
    /// <summary>Defaults to none: loopback and private networks are what backends are reached over.</summary>
    public BackendTlsMode Mode { get; init; } = BackendTlsMode.None;

    /// <summary>A PEM file with the authorities its certificate may be of; null for those the system trusts.</summary>
    public string? Authorities { get; init; }

    /// <summary>Name its certificate must be for, and that it is asked for; null for the destination's own host.</summary>
    public string? CertificateName { get; init; }

    /// <summary>Whether its certificate is verified. Defaults to true: without, TLS keeps out nobody who can answer in the backend's place.</summary>
    public bool Verify { get; init; } = true;
}
