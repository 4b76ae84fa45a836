namespace TlsFront.Fuzzing.Models;

/// <summary>The gateway and a server do not take the same octets for the same thing.</summary>
#pragma warning disable CA1032 // Nobody else throws it.
internal sealed class DisagreementException(string server, string rule, string what) : Exception($"{rule}, {server}: {what}")
#pragma warning restore CA1032
{
    /// <summary>What tells it from other findings.</summary>
    public string Key { get; } = $"{rule}, {server}";
}
