namespace TlsFront.Benchmarks.Load;

/// <summary>A connection did not do what its job needs; the job counts it as an error.</summary>
internal sealed class LoadException(string message) : Exception(message);
