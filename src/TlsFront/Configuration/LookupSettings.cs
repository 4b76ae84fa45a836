namespace TlsFront.Configuration;

/// <summary>A service that says over HTTP which backend a user belongs to, as nginx's <c>auth_http</c> asks it.</summary>
internal sealed record LookupSettings
{
    /// <summary>Nobody is asked.</summary>
    public static readonly LookupSettings None = new();

    /// <summary>Where it is asked; null for no service.</summary>
    public Uri? Url { get; init; }

    /// <summary>A PEM file with the authorities its certificate may be of; null for those the system trusts.</summary>
    public string? Authorities { get; init; }

    /// <summary>A file with headers of the operator's own for each request, such as a secret that the service asks for; null for none.</summary>
    public string? HeadersFile { get; init; }

    /// <summary>Whether it is told the password. Defaults to false: to choose a server takes no more than the name.</summary>
    public bool SendsPassword { get; init; }

    /// <summary>How long one request may take. Defaults to 5 s, after which people try again by themselves.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What becomes of logins it has no usable answer for. Defaults to a refusal: elsewhere is where the user's mail is not.</summary>
    public LookupFallback OnFailure { get; init; }

    /// <summary>Names of the backends it may choose among, beside those of the listener.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>What is remembered of its answers.</summary>
    public LookupCacheSettings Cache { get; init; } = new();

    /// <summary>Whether answers are worth remembering: those that depend on a password are good for that password alone.</summary>
    public bool RemembersAnswers => !SendsPassword;
}
