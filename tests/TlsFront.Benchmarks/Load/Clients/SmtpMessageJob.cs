namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>Message after message in one session, as a sender of newsletters does it.</summary>
internal sealed class SmtpMessageJob(Target target, bool received) : LoadJob
{
    private readonly SmtpDialogue _dialogue = new(target, received);

    /// <inheritdoc/>
    public override long Once()
    {
        _dialogue.Submit();
        return 1;
    }

    public override void Dispose()
    {
        _dialogue.Dispose();
        base.Dispose();
    }
}
