using System.Threading.RateLimiting;

namespace TlsFront.Admission;

/// <summary>The answer of a <see cref="ClientRateLimiter"/>; a rate has nothing to give back.</summary>
internal sealed class RateLease : RateLimitLease
{
    private static readonly RateLease Granted = new(true);
    private static readonly RateLease Refused = new(false);

    private RateLease(bool isAcquired) => IsAcquired = isAcquired;

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => [];

    public static RateLease Of(bool isAcquired) => isAcquired ? Granted : Refused;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }
}
