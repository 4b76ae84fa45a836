namespace TlsFront.Diagnosis;

/// <summary>What was seen of a destination and what is to be made of it.</summary>
/// <param name="Destination">What was seen.</param>
/// <param name="Findings">What is wrong; empty if all is well.</param>
internal sealed record Examination(ExaminedDestination Destination, IReadOnlyList<Finding> Findings);
