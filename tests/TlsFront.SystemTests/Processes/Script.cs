namespace TlsFront.SystemTests.Processes;

/// <summary>The scripts beside this assembly.</summary>
public static class Script
{
    /// <summary>Full path of a script.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name);
}
