using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Routing.Lookup;

/// <summary>
/// The request of nginx's mail proxy (<c>ngx_mail_auth_http_module</c>), header by header, so that what answers nginx answers here. What nginx tells
/// of mail without a login (<c>Auth-SMTP-*</c>) has no place: logins are what is asked about.
/// </summary>
internal static class LookupRequest
{
    /// <summary>The client's name, which nobody looked up, as nginx says it where it has no resolver.</summary>
    private const string UnknownHost = "[UNAVAILABLE]";

    /// <summary>The request about the login that a session holds; null if it is to have the password, and that is too long.</summary>
    /// <param name="settings">The service.</param>
    /// <param name="headers">Headers of the operator's own.</param>
    /// <param name="record">The session.</param>
    public static HttpRequestMessage? Create(
        LookupSettings settings, IReadOnlyList<KeyValuePair<string, string>> headers, ConnectionRecord record)
    {
        var facts = record.Facts;
        var request = new HttpRequestMessage(HttpMethod.Get, settings.Url);
        Add(request, "Auth-Method", facts.HeldLogin?.Method ?? "plain");
        Add(request, "Auth-User", Encode(Encoding.UTF8.GetBytes(facts.User ?? "")));
        if (settings.SendsPassword && facts.HeldLogin is { Method: "plain" } login && !TryAddPassword(request, login))
        {
            request.Dispose();
            return null;
        }

        Add(request, "Auth-Protocol", record.Protocol);
        Add(request, "Auth-Login-Attempt", (record.LoginsRefused + 1).ToString(CultureInfo.InvariantCulture));
        Add(request, "Client-IP", facts.Client.Address.ToString());
        if (record.Protocol == "smtp")
        {
            Add(request, "Client-Host", UnknownHost);
        }

        if (record.Via is not null)
        {
            AddEndPoint(request, "Proxy-Protocol-Addr", "Proxy-Protocol-Port", facts.Client);
            AddEndPoint(request, "Proxy-Protocol-Server-Addr", "Proxy-Protocol-Server-Port", facts.Local);
        }

        if (facts.Tls is { } tls)
        {
            Add(request, "Auth-SSL", "on");
            Add(request, "Auth-SSL-Protocol", OpenSslNames.Of(tls.Version));
            Add(request, "Auth-SSL-Cipher", OpenSslNames.Of(tls.CipherSuite) ?? tls.CipherSuite);
            if (tls.ClientCertificate is not null)
            {
                Add(request, "Auth-SSL-Verify", "SUCCESS");
            }
        }

        // nginx says neither; services pass over what they do not know.
        Add(request, "X-TlsFront-Listener", record.Listener);
        Add(request, "X-TlsFront-Connection", facts.Id);
        foreach (var (name, value) in headers)
        {
            Add(request, name, value);
        }

        return request;
    }

    /// <summary>
    /// As nginx escapes names and passwords: what would end or split the header, and the percent sign itself. All else goes as it is, an octet a
    /// character.
    /// </summary>
    public static string Encode(ReadOnlySpan<byte> octets)
    {
        var length = octets.Length;
        foreach (var octet in octets)
        {
            length += IsEscaped(octet) ? 2 : 0;
        }

        // In one piece: what grows leaves copies behind.
        return string.Create(length, octets, static (text, octets) =>
        {
            const string Digits = "0123456789ABCDEF";
            var at = 0;
            foreach (var octet in octets)
            {
                if (IsEscaped(octet))
                {
                    text[at++] = '%';
                    text[at++] = Digits[octet >> 4];
                    text[at++] = Digits[octet & 0xF];
                }
                else
                {
                    text[at++] = (char)octet;
                }
            }
        });
    }

    private static bool IsEscaped(byte octet) => octet is <= (byte)' ' or (byte)'%';

    private static bool TryAddPassword(HttpRequestMessage request, IHeldLogin login)
    {
        Span<byte> password = stackalloc byte[BackendLogin.MaxPassword];
        var isRead = login.TryReadPassword(password, out var length);
        if (isRead)
        {
            Add(request, "Auth-Pass", Encode(password[..length]));
        }

        CryptographicOperations.ZeroMemory(password);
        return isRead;
    }

    private static void AddEndPoint(HttpRequestMessage request, string address, string port, IPEndPoint endPoint)
    {
        Add(request, address, endPoint.Address.ToString());
        Add(request, port, endPoint.Port.ToString(CultureInfo.InvariantCulture));
    }

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
}
