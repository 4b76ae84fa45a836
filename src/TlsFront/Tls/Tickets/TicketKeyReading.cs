namespace TlsFront.Tls.Tickets;

/// <summary>Result of reading a file with a session ticket key.</summary>
/// <param name="Key">The key; null if the file could not be used.</param>
/// <param name="Problem">What is wrong and what to do, naming the file; null if nothing.</param>
/// <param name="Warning">What an operator should know of a file that could be used; null if nothing.</param>
internal readonly record struct TicketKeyReading(TicketKey? Key, string? Problem = null, string? Warning = null);
