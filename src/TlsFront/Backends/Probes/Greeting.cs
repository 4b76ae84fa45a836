namespace TlsFront.Backends.Probes;

/// <summary>The first thing a destination said, or that it said nothing.</summary>
/// <param name="Opening">What it is.</param>
/// <param name="Bytes">The bytes of it, <see cref="ProbeDialogue.MaximumGreeting"/> and one read at most.</param>
internal readonly record struct Greeting(Opening Opening, ReadOnlyMemory<byte> Bytes = default)
{
    /// <summary>Its first line, fit for a log and a terminal.</summary>
    public string Line => ProbeDialogue.FirstLine(Bytes.Span);
}
