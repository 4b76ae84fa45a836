namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// Has a bug behind eight branches in a row, which chance does not find and coverage does: a harness that misses it finds nothing elsewhere.
/// </summary>
internal sealed class CanaryTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "canary";

    /// <inheritdoc/>
    public int MaximumLength => 64;

    /// <inheritdoc/>
    public long MaximumAllocation => 1 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => [];

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words => [];

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        if (input.Length > 8 && input[0] == 'r' && input[1] == 'f')
        {
            if (input[2] == 'c')
            {
                if (input[3] == '8')
                {
                    if (input[4] == '3')
                    {
                        if (input[5] == '1')
                        {
                            Assert.NotEqual((byte)'4', input[6]);
                        }
                    }
                }
            }
        }
    }
}
