namespace TlsFront.Compatibility;

/// <summary>What a client whose hello was recorded gets.</summary>
/// <param name="Client">The client with its version.</param>
/// <param name="Library">Its TLS library and settings; null if nobody knows.</param>
/// <param name="Source">How the hello came about.</param>
/// <param name="Recorded">When.</param>
/// <param name="Ja4">JA4 of the hello, as the log has it.</param>
/// <param name="Note">What else there is to know.</param>
/// <param name="Outcomes">
/// What it gets, by listener and routed name. A client that names no server reaches no routed name, and has no outcome there.
/// </param>
internal sealed record ClientReport(
    string Client, string? Library, string Source, DateOnly Recorded, string? Ja4, string? Note, IReadOnlyList<ClientOutcome> Outcomes);
