namespace TlsFront.Admin.Live;

/// <summary>A certificate in use.</summary>
/// <param name="Source">Its file.</param>
/// <param name="Names">DNS names it is for.</param>
/// <param name="Issuer">The issuer's common name.</param>
/// <param name="Key">Kind and size of its key, as people write it.</param>
/// <param name="NotAfter">When it expires.</param>
/// <param name="DaysLeft">Whole days until then; negative once it has expired.</param>
/// <param name="IsDefault">Whether clients get it that name no server.</param>
/// <param name="Warnings">What an operator should know of it.</param>
/// <param name="NotPresentedBy">Listeners that were found not to present it as its file has it: a renewal was not taken over.</param>
internal sealed record LiveCertificate(
    string Source, IReadOnlyList<string> Names, string Issuer, string Key, DateTimeOffset NotAfter, int DaysLeft, bool IsDefault,
    IReadOnlyList<string> Warnings, IReadOnlyList<string> NotPresentedBy);
