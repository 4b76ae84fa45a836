using TlsFront.Configuration;

namespace TlsFront.Diagnosis;

/// <summary>Something that is wrong, or may be.</summary>
/// <param name="Fault">What it is.</param>
/// <param name="Severity">An error keeps clients from being served or lets in who should not be; a warning is to be known.</param>
/// <param name="Sentence">The same in one sentence about the destination, which is "it" there.</param>
/// <param name="Evidence">How it was recognised.</param>
/// <param name="Remedies">What to write where.</param>
internal sealed record Finding(Fault Fault, Severity Severity, string Sentence, string Evidence, IReadOnlyList<Remedy> Remedies);
