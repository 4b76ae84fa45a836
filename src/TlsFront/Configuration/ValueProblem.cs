namespace TlsFront.Configuration;

/// <summary>What is wrong with a value, before it is known where it stands.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
internal sealed record ValueProblem(string Message, string Remedy);
