namespace TlsFront.Backends;

/// <summary>How long something took the last times.</summary>
/// <param name="Count">How many times.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Percentile95">19 of 20 took no longer.</param>
/// <param name="Longest">None took longer.</param>
internal sealed record TimeSpread(int Count, TimeSpan Median, TimeSpan Percentile95, TimeSpan Longest);
