namespace TlsFront.Listeners.Upgrade;

/// <summary>What a successor says first.</summary>
/// <param name="Program">Its version, for the log.</param>
/// <param name="States">What it reads.</param>
internal sealed record SuccessorHello(string Program, StateVersions States);
