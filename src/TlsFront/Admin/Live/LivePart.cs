namespace TlsFront.Admin.Live;

/// <summary>One of the documents that make up the page.</summary>
/// <param name="Name">Name of its event.</param>
/// <param name="Number">Number of the frame in which it changed last.</param>
/// <param name="Json">The document.</param>
internal sealed record LivePart(string Name, long Number, byte[] Json);
