namespace TlsFront.Configuration;

/// <summary>What is remembered of the answers to lookups.</summary>
/// <param name="Hits">How long where a user goes. Defaults to 30 s: one program opens several connections, and a move is seen soon.</param>
/// <param name="Misses">How long that a user is refused. Defaults to 5 s: new users need not wait, and a program's repetitions cost nothing.</param>
/// <param name="Entries">How many of each. Defaults to 10,000, a few megabytes.</param>
internal sealed record LookupCacheSettings(TimeSpan Hits, TimeSpan Misses, int Entries)
{
    /// <summary>The defaults.</summary>
    public LookupCacheSettings()
        : this(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 10_000)
    {
    }
}
