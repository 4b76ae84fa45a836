namespace TlsFront.SystemTests.Diagnosis;

/// <summary>What the doctor found, and what it would have written where.</summary>
public sealed record DoctorFinding(string Id, IReadOnlyList<(string Where, IReadOnlyList<string> Lines)> Remedies);
