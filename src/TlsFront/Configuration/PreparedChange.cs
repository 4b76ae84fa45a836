namespace TlsFront.Configuration;

/// <summary>What one part of the gateway made of new settings, before any of them is in force.</summary>
/// <param name="commit">Puts it in force. Everything that can fail was done before.</param>
internal sealed class PreparedChange(Action commit)
{
    /// <summary>Why the part cannot take the settings over, one line each naming the remedy; empty if it can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Puts it in force.</summary>
    public void Commit() => commit();
}
