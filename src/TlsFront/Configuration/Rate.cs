namespace TlsFront.Configuration;

/// <summary>So many events in a span of time. All of them may come at once; after that they are earned back evenly.</summary>
/// <param name="Count">Events.</param>
/// <param name="Period">In this time.</param>
internal readonly record struct Rate(int Count, TimeSpan Period);
