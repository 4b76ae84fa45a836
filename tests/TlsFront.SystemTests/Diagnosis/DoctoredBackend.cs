namespace TlsFront.SystemTests.Diagnosis;

/// <summary>A backend for the doctor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Port">Port on 127.0.0.1 of its one server.</param>
/// <param name="Settings">Its other settings, as in a YAML flow mapping.</param>
public sealed record DoctoredBackend(string Name, string Protocol, int Port, string Settings);
