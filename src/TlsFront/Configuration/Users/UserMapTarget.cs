namespace TlsFront.Configuration.Users;

/// <summary>Where a user map sends users.</summary>
/// <param name="Backend">Name of the backend.</param>
/// <param name="Destination">The only one of its destinations, as configured; null for any.</param>
internal sealed record UserMapTarget(string Backend, string? Destination)
{
    /// <summary>As it is written in a map.</summary>
    public override string ToString() => Destination is null ? Backend : $"{Backend}:{Destination}";
}
