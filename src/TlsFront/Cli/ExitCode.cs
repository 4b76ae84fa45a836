namespace TlsFront.Cli;

/// <summary>What the commands return to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The configuration has errors, the gateway could not start or is not ready, or the command line is wrong.</summary>
    public const int Failure = 1;
}
