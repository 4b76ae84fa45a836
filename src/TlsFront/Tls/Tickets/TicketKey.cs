namespace TlsFront.Tls.Tickets;

/// <summary>A key for session tickets (RFC 5077 section 4): 16 octets of name, 32 of HMAC-SHA-256, 32 of AES-256.</summary>
internal sealed class TicketKey(byte[] octets)
{
    public const int Length = 80;
    public const int NameLength = 16;

    /// <summary>All of it, secret.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    /// <summary>Public name, in front of every ticket.</summary>
    public ReadOnlySpan<byte> Name => octets.AsSpan(0, NameLength);

    /// <summary>Authenticates.</summary>
    public ReadOnlySpan<byte> Hmac => octets.AsSpan(NameLength, 32);

    /// <summary>Encrypts.</summary>
    public ReadOnlySpan<byte> Aes => octets.AsSpan(NameLength + 32, 32);
}
