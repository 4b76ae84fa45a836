namespace TlsFront.Admin;

/// <summary>The admin socket cannot be bound; the message says why and what to do.</summary>
internal sealed class AdminSocketException(string message, Exception? inner = null) : Exception(message, inner);
