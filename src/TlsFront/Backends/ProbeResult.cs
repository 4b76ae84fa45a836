namespace TlsFront.Backends;

/// <summary>What a probe ended with.</summary>
/// <param name="Failure">The <c>error.type</c> of <c>tlsfront.backend.probe.failures</c>; null if it was good.</param>
/// <param name="Words">The failure in an operator's words.</param>
/// <param name="IsOurs">Whether the gateway itself failed, which says nothing of the destination.</param>
internal sealed record ProbeResult(string? Failure, string Words = "", bool IsOurs = false)
{
    /// <summary>The destination greeted.</summary>
    public static readonly ProbeResult Good = new(Failure: null);

    /// <summary>It did not end its connection or its greeting in time.</summary>
    public static readonly ProbeResult Silent = new("no_greeting", "it did not greet in time");

    /// <summary>It closed before its greeting was complete.</summary>
    public static readonly ProbeResult Closed = new("closed", "it closed the connection without a greeting");

    /// <summary>Whether the destination greeted.</summary>
    public bool IsGood => Failure is null;

    /// <summary>No connection.</summary>
    public static ProbeResult NotConnected(DialResult result) => new(result.Failure.Tag(), result.Words, result.Failure.IsOurs());
}
