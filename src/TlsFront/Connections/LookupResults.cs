namespace TlsFront.Connections;

/// <summary>Names and words for <see cref="LookupResult"/>.</summary>
internal static class LookupResults
{
    /// <summary>All tags.</summary>
    public static IReadOnlyList<string> Tags { get; } = [.. Enum.GetValues<LookupResult>().Select(Tag)];

    /// <summary>The value as a metric tag: snake_case, never renamed once released.</summary>
    public static string Tag(this LookupResult result) => result switch
    {
        LookupResult.Found => "found",
        LookupResult.Refused => "refused",
        LookupResult.Wait => "wait",
        LookupResult.Timeout => "timeout",
        LookupResult.Unreachable => "unreachable",
        LookupResult.TlsFailed => "tls_failed",
        LookupResult.HttpStatus => "http_status",
        LookupResult.BadAnswer => "bad_answer",
        LookupResult.UnknownServer => "unknown_server",
        LookupResult.Unresolved => "unresolved",
        LookupResult.PasswordTooLong => "password_too_long",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    /// <summary>What went wrong in an operator's words, for the log.</summary>
    public static string Words(this LookupResult result) => result switch
    {
        LookupResult.Wait => "it wants to be asked again, and that without an end",
        LookupResult.Timeout => "it did not answer in time",
        LookupResult.Unreachable => "it could not be connected, or the connection broke",
        LookupResult.TlsFailed => "TLS failed; look at its certificate, and at lookup.ca",
        LookupResult.HttpStatus => "it answered with another HTTP status than 2xx",
        LookupResult.BadAnswer => "its answer lacks what it needs, or has it wrong",
        LookupResult.UnknownServer => "it named a server that no login may be led to",
        LookupResult.Unresolved => "a name of a destination could not be resolved",
        LookupResult.PasswordTooLong => "the password is too long to hand on",
        _ => result.Tag(),
    };

    /// <summary>Whether the service was of no use.</summary>
    public static bool IsFailure(this LookupResult result) => result is >= LookupResult.Timeout and not LookupResult.PasswordTooLong;
}
