namespace TlsFront.Cli;

/// <summary>Which backend a user gets.</summary>
/// <param name="Backend">Its name; <see cref="Asked"/> where a service is asked for it.</param>
/// <param name="Destination">The only destination that will do; null for any.</param>
/// <param name="Line">Finds the line that says so, which for a user map means reading it again.</param>
internal sealed record RouteDecision(string Backend, string? Destination, Func<string> Line)
{
    /// <summary>What stands for a backend that only a lookup tells: no backend can be called that.</summary>
    public const string Asked = "(lookup)";

    /// <summary>As it is written in a map.</summary>
    public override string ToString() => Destination is null ? Backend : $"{Backend}:{Destination}";
}
