namespace TlsFront.Benchmarks.Compare;

/// <summary>The comparison cannot go on; the message says why to the person who started it.</summary>
internal sealed class CompareException(string message) : Exception(message);
