namespace TlsFront.Configuration;

/// <summary>What clients of a listener get that ask for certain server names, or log in as certain users.</summary>
internal sealed record RouteSettings
{
    /// <summary>
    /// The server names in lower case, none of them twice among the routes without users. <c>*.example.org</c> is every name with one label before
    /// example.org. Empty where users alone decide.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>
    /// The users in lower case: <c>bob@example.org</c>, <c>*@example.org</c> for every user of the domain, <c>*</c> for everybody. With names, those
    /// of them who ask for one of these. Empty (default) where the server name alone decides.
    /// </summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Whether only a login tells if it is for a session.</summary>
    public bool NeedsUser => Users.Count > 0;

    /// <summary>Name of the backend their sessions go to. Defaults to the listener's.</summary>
    public required string Backend { get; init; }

    /// <summary>TLS rules, the route's own over the listener's. A route that needs the user has none of its own.</summary>
    public required TlsSettings Tls { get; init; }

    /// <summary>Sources of the only certificates presented for these names. Empty (default) for those of listener and file, by name.</summary>
    public IReadOnlyList<CertificateSettings> Certificates { get; init; } = [];
}
