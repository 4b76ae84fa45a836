namespace TlsFront.Cli;

/// <summary>Which backend a user gets.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Destination">The only destination that will do; null for any.</param>
/// <param name="Line">Finds the line that says so, which for a user map means reading it again.</param>
internal sealed record RouteDecision(string Backend, string? Destination, Func<string> Line)
{
    /// <summary>As it is written in a map.</summary>
    public override string ToString() => Destination is null ? Backend : $"{Backend}:{Destination}";
}
