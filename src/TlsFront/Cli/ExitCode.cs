namespace TlsFront.Cli;

/// <summary>What the commands return to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>
    /// The configuration has errors, a certificate needs attention, the gateway could not start or is not ready, or the command line is wrong.
    /// </summary>
    public const int Failure = 1;

    /// <summary>What was asked cannot be answered: no such listener, or a table of expectations or a recorded hello that cannot be used.</summary>
    public const int Unanswered = 2;

    /// <summary><c>migration notify</c>: the command failed for somebody, who is told next time.</summary>
    public const int HookFailed = 2;

    /// <summary><c>migration what-if</c>: somebody would be or may be refused for good.</summary>
    public const int WouldRefuse = 2;
}
