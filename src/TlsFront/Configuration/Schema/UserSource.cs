namespace TlsFront.Configuration.Schema;

/// <summary>An entry of a list of users: a pattern or a file of them.</summary>
/// <param name="Pattern">The pattern in lower case; null for a file.</param>
/// <param name="File">The file as written; null for a pattern.</param>
internal readonly record struct UserSource(string? Pattern, string? File);
