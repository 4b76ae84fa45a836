namespace TlsFront.Demo.Imap;

/// <summary>A whole command with its literals.</summary>
/// <param name="Tag">The client's tag; <c>*</c> when it has none that could be used in an answer.</param>
/// <param name="Name">Verb in upper case, <c>UID</c> and what follows as one; empty when the line has none.</param>
/// <param name="Arguments">The rest of the line.</param>
internal sealed record TaggedCommand(string Tag, string Name, ImapArguments Arguments);
