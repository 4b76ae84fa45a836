namespace TlsFront.Configuration;

/// <summary>A span of time that begins at a certain moment.</summary>
/// <param name="From">The moment.</param>
/// <param name="Length">Its length.</param>
internal readonly record struct TimeWindow(DateTimeOffset From, TimeSpan Length)
{
    /// <summary>Whether <paramref name="moment"/> is in it.</summary>
    public bool Contains(DateTimeOffset moment) => moment >= From && moment - From < Length;
}
