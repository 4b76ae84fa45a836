using System.Text;

namespace TlsFront.Demo;

/// <summary>The one message of SASL PLAIN (RFC 4616), as all three protocols carry it.</summary>
internal static class SaslPlain
{
    /// <summary>Whether the base64 response is the demo user's; <c>null</c> when it is not such a message at all.</summary>
    public static bool? Authenticate(string response)
    {
        if (TryDecode(response) is not { } message || message.Split('\0') is not [var authorization, var user, var password])
        {
            return null;
        }

        return (authorization.Length == 0 || authorization == user) && MailStore.Authenticate(user, password);
    }

    /// <summary>Base64 to UTF-8 text, or null.</summary>
    public static string? TryDecode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
