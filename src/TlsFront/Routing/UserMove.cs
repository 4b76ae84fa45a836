namespace TlsFront.Routing;

/// <summary>Where an operator sent a user's sessions of one protocol, whatever routes and maps say.</summary>
/// <param name="Protocol">What is spoken: smtp, imap, pop3 or sieve.</param>
/// <param name="Backend">Name of the backend.</param>
/// <param name="Destination">The only one of its destinations that will do, as configured; null for any.</param>
internal sealed record UserMove(string Protocol, string Backend, string? Destination)
{
    /// <summary>As a user map has it.</summary>
    public string Target => Destination is null ? Backend : $"{Backend}:{Destination}";
}
