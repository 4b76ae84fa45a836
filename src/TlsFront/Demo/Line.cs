namespace TlsFront.Demo;

/// <summary>A line read from a client.</summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Text">The line without its end, one character a byte (Latin-1), so that no byte is lost; empty unless complete.</param>
internal readonly record struct Line(LineStatus Status, string Text = "");
