using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using TlsFront.Configuration;

namespace TlsFront.Admin;

/// <summary>The secret that commands over TCP need.</summary>
internal sealed class AdminToken(SettingsStore settings) : ISettingsFiles
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether commands over TCP are taken at all.</summary>
    public bool IsConfigured => settings.Current.Admin.TokenFile is not null;

    public IEnumerable<FileState> Files => settings.Current.Admin.TokenFile is { } file
        ? [new(file, FileStamp.Of(file), TokenFile.TryRead(file, out _, out var why) ? null : $"{why.Message}; {why.Remedy}")]
        : [];

    /// <summary>
    /// Whether a request's Authorization header holds it. The file is read each time, so that a new token counts at once and an old one no more. A
    /// file that is missing or open to everybody lets nobody in; <paramref name="problem"/> says so.
    /// </summary>
    public bool Matches(StringValues authorization, out string? problem)
    {
        problem = null;
        if (settings.Current.Admin.TokenFile is not { } file
            || authorization is not [{ } header]
            || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (!TokenFile.TryRead(file, out var token, out var why))
        {
            problem = $"{why.Message}; {why.Remedy}";
            return false;
        }

        // Of equal length whatever was sent, so that the time tells nothing.
        return CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..]), Hash(token));
    }

    /// <summary>Nothing to do: the file is read for each command.</summary>
    public void Refresh()
    {
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
