namespace TlsFront.Configuration;

/// <summary>What follows from an <see cref="EngineChoice"/>.</summary>
internal static class EngineChoices
{
    /// <summary>Whether the managed engine will run for certain, so that settings of the native one are in vain.</summary>
    public static bool IsManaged(this EngineChoice engine) =>
        engine == EngineChoice.Managed || (engine == EngineChoice.Auto && !OperatingSystem.IsLinux());
}
