using System.Net;

namespace TlsFront.Configuration.Schema;

/// <summary>An entry of a list of addresses: a network or a file of them.</summary>
/// <param name="Network">The network; null for a file.</param>
/// <param name="File">The file as written; null for a network.</param>
internal readonly record struct AddressSource(IPNetwork? Network, string? File);
