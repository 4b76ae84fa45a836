using TlsFront.Transport.Native;

namespace TlsFront.Tests.Transport.Native;

/// <summary>Work with a bug.</summary>
internal sealed class FailingWork : ILoopWork
{
    public const string Message = "a bug in a loop";

    public void RunOnLoop() => throw new InvalidOperationException(Message);
}
