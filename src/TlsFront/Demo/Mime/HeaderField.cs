namespace TlsFront.Demo.Mime;

/// <summary>One field of a header.</summary>
/// <param name="Name">Name before the colon.</param>
/// <param name="Value">Value after it, unfolded, without surrounding white space; one character a byte (Latin-1).</param>
/// <param name="Raw">The field as it stands, folds and last line end included.</param>
internal readonly record struct HeaderField(string Name, string Value, ReadOnlyMemory<byte> Raw);
