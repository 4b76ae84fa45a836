namespace TlsFront.Fuzzing.Models;

/// <summary>One thing that somebody takes out of a stream of octets.</summary>
/// <param name="Kind">What it is taken for.</param>
/// <param name="Name">What all readers must agree on: a command's verb, and all of it where it logs somebody in.</param>
/// <param name="Text">Its octets; a line without its end.</param>
/// <param name="IsAnswered">Whether the server says something to it.</param>
internal sealed record Act(ActKind Kind, string Name, string Text, bool IsAnswered = true);
