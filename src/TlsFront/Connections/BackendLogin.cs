using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TlsFront.Connections;

/// <summary>
/// A login of the gateway's own: what a backend gets in place of the client's words, by SASL PLAIN (RFC 4616), where the gateway knows better whose
/// session it is.
/// </summary>
/// <param name="AuthorizationId">Whose session it is to be, where it is not that of whoever logs in; null or empty otherwise.</param>
/// <param name="AuthenticationId">Who logs in.</param>
/// <param name="Password">Password of <paramref name="AuthenticationId"/>, UTF-8, <see cref="MaxPassword"/> octets at most.</param>
internal sealed record BackendLogin(string? AuthorizationId, string AuthenticationId, ReadOnlyMemory<byte> Password)
{
    /// <summary>Longest password, in octets.</summary>
    public const int MaxPassword = 1024;

    /// <summary>Whether the password is the client's, which nobody but its session has a use for; otherwise whoever gave it keeps it.</summary>
    public bool IsOfClient { get; init; }

    /// <summary>Clears the password if it is the client's: the login has its answer, or gets none.</summary>
    public void Forget()
    {
        if (IsOfClient)
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(Password).Span);
        }
    }

    /// <summary>Names whom it is for, and no secret.</summary>
    public override string ToString() => string.IsNullOrEmpty(AuthorizationId) ? AuthenticationId : $"{AuthorizationId} by {AuthenticationId}";
}
