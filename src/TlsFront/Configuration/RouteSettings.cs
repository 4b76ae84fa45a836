namespace TlsFront.Configuration;

/// <summary>What clients of a listener get that ask for certain server names.</summary>
internal sealed record RouteSettings
{
    /// <summary>The server names in lower case, none of them twice in a listener. <c>*.example.org</c> is every name with one label before example.org.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Name of the backend their sessions go to. Defaults to the listener's.</summary>
    public required string Backend { get; init; }

    /// <summary>TLS rules, the route's own over the listener's.</summary>
    public required TlsSettings Tls { get; init; }

    /// <summary>Sources of the only certificates presented for these names. Empty (default) for those of the file, by name.</summary>
    public IReadOnlyList<CertificateSettings> Certificates { get; init; } = [];
}
