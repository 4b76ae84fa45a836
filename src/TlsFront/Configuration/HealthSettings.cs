namespace TlsFront.Configuration;

/// <summary>How a backend's destinations are watched.</summary>
internal sealed record HealthSettings
{
    /// <summary>
    /// Time between two probes. Defaults to 30 s: each leaves a line in the backend's log,
    /// and sessions themselves tell of a failure sooner. Zero: none.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a probe may take. Defaults to 10 s: servers look their client's name up before they greet.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Failed probes in a row, or failed sessions in a row, after which a destination gets no more sessions.
    /// Defaults to 3: one lost packet is no failure.
    /// </summary>
    public int UnhealthyAfter { get; init; } = 3;

    /// <summary>Good probes in a row after which it gets sessions again. Defaults to 1: a greeting is proof enough.</summary>
    public int HealthyAfter { get; init; } = 1;

    /// <summary>
    /// How long a destination that failed sessions gets no more. Defaults to 10 s: a restart takes less. Zero: sessions never decide.
    /// </summary>
    public TimeSpan EjectFor { get; init; } = TimeSpan.FromSeconds(10);
}
