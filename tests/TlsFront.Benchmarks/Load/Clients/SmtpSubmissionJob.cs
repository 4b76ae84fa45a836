namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A whole submission, as mail programs do it: connect, log in, one message, leave.</summary>
internal sealed class SmtpSubmissionJob(Target target, bool received) : LoadJob
{
    /// <inheritdoc/>
    public override long Once()
    {
        using var dialogue = new SmtpDialogue(target, received);
        dialogue.Submit();
        dialogue.Quit();
        return 1;
    }
}
