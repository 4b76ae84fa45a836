namespace TlsFront.Handover;

/// <summary>Where the gateway that started this process, to be replaced by it, waits for it.</summary>
/// <param name="Path">Its Unix socket; null for a process that replaces none.</param>
internal sealed record HandoverInvitation(string? Path)
{
    /// <summary>The environment variable that says so.</summary>
    public const string Variable = "TLSFRONT_HANDOVER";

    /// <summary>Takes it, and the variable out of the environment. Once, at the start.</summary>
    public static HandoverInvitation Take()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return new(string.IsNullOrEmpty(path) ? null : path);
    }
}
