namespace TlsFront.Cli;

/// <summary>One way to mend something, in JSON.</summary>
/// <param name="Where">Which file, and when this way rather than another.</param>
/// <param name="Lines">What to write there.</param>
internal sealed record DoctorRemedy(string Where, IReadOnlyList<string> Lines);
