using System.Net;

namespace TlsFront.Telemetry.Access;

/// <summary>What one line stands for.</summary>
/// <param name="Count">Connections.</param>
/// <param name="Span">The time they came in; zero for one that is told at once.</param>
/// <param name="Last">The client of the last one; null only while there is none.</param>
/// <param name="Detail">What is to be said of that one, or null.</param>
internal readonly record struct FoldedLines(long Count, TimeSpan Span, IPEndPoint? Last, string? Detail);
