using System.Buffers.Text;
using System.Security.Cryptography;

namespace TlsFront.Protocols.Sasl;

/// <summary>Reads the password out of the last response of a SASL dialogue, for those whom the operator has told of it.</summary>
internal static class SaslPassword
{
    /// <summary>Copies the password; false if the mechanism shows none, or there is no room for it.</summary>
    /// <param name="mechanism">Mechanism of the dialogue.</param>
    /// <param name="base64">The response as sent, without line end.</param>
    /// <param name="password">Room for it.</param>
    /// <param name="length">Its octets.</param>
    public static bool TryRead(SaslMechanism mechanism, ReadOnlySpan<byte> base64, Span<byte> password, out int length)
    {
        length = 0;
        if (mechanism is not (SaslMechanism.Plain or SaslMechanism.Login) || base64.Length > SaslUserName.MaxEncoded)
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length + 3)];
        try
        {
            if (!SaslUserName.TryDecode(base64, decoded, out var octets))
            {
                return false;
            }

            // RFC 4616: authzid NUL authcid NUL password.
            var found = decoded[..octets];
            found = mechanism == SaslMechanism.Plain ? found[(found.LastIndexOf((byte)0) + 1)..] : found;
            length = found.Length;
            return found.TryCopyTo(password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }
}
