using System.Net;
using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>A list of addresses: written out, and in files that are read again when they change.</summary>
/// <param name="Networks">Networks written in the settings.</param>
/// <param name="Files">Absolute paths of files of networks.</param>
internal sealed record AddressListSettings(NetworkSet Networks, IReadOnlyList<string> Files)
{
    /// <summary>No address.</summary>
    public static readonly AddressListSettings Nobody = new(NetworkSet.Empty, []);

    /// <summary>The list of these entries.</summary>
    public static AddressListSettings Of(IReadOnlyList<AddressSource> entries) => new(
        NetworkSet.Of([.. entries.Select(static entry => entry.Network).OfType<IPNetwork>()]),
        [.. entries.Select(static entry => entry.File).OfType<string>()]);

    public bool Equals(AddressListSettings? other) => other is not null && Networks.Equals(other.Networks) && Files.SequenceEqual(other.Files);

    public override int GetHashCode() => HashCode.Combine(Networks, Files.Count);
}
