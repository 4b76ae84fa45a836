namespace TlsFront.Demo;

/// <summary>How much the demo store takes, since it lives in memory.</summary>
internal sealed record MailStoreLimits
{
    /// <summary>Messages over all folders. Defaults to 1000.</summary>
    public int Messages { get; init; } = 1000;

    /// <summary>Bytes of one message. Defaults to 10 MB.</summary>
    public int MessageBytes { get; init; } = 10_000_000;

    /// <summary>Bytes over all messages. Defaults to 64 MB.</summary>
    public long TotalBytes { get; init; } = 64_000_000;
}
