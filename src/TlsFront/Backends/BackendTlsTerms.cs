using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Backends;

/// <summary>Makes the terms of TLS with destinations out of settings, once for each snapshot: authorities are read anew after a reload.</summary>
internal sealed class BackendTlsTerms
{
    private readonly ConditionalWeakTable<BackendTlsSettings, ConcurrentDictionary<(string Host, MailProtocol Protocol), BackendTerms>> _terms = [];

    /// <summary>The terms for a destination on <paramref name="host"/>.</summary>
    /// <exception cref="AuthenticationException">The authorities cannot be read.</exception>
    public BackendTerms For(BackendTlsSettings settings, string host, MailProtocol protocol) =>
        _terms.GetOrCreateValue(settings).GetOrAdd((host, protocol), static (key, tls) => Create(tls, key.Host, key.Protocol), settings);

    private static BackendTerms Create(BackendTlsSettings settings, string host, MailProtocol protocol) => new(
        settings.CertificateName ?? host,
        protocol switch
        {
            MailProtocol.Imap => "imap",
            MailProtocol.Pop3 => "pop3",
            _ => null,
        },
        settings.Verify,
        settings is { Verify: true, Authorities: { } path } ? Read(path) : null);

    private static X509Certificate2Collection Read(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AuthenticationException($"the authorities in {path} cannot be read: {exception.Message}", exception);
        }
    }
}
