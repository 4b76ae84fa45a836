namespace TlsFront.Diagnosis;

/// <summary>One way to mend something.</summary>
/// <param name="Where">Which file, and when this way rather than another.</param>
/// <param name="Lines">What to write there.</param>
internal sealed record Remedy(string Where, IReadOnlyList<string> Lines);
