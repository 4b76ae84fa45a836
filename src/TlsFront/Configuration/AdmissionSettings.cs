namespace TlsFront.Configuration;

/// <summary>Whose connections are taken. A denied address is refused even if it is allowed as well.</summary>
/// <param name="Allow">The only addresses taken; null for all.</param>
/// <param name="Deny">Addresses refused.</param>
internal sealed record AdmissionSettings(AddressListSettings? Allow, AddressListSettings Deny)
{
    /// <summary>Everybody is taken.</summary>
    public static readonly AdmissionSettings Everybody = new(null, AddressListSettings.Nobody);

    /// <summary>Paths of the files that its lists name.</summary>
    public IEnumerable<string> Files => [.. Allow?.Files ?? [], .. Deny.Files];
}
