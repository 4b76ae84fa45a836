using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.Transport;

namespace TlsFront.Backends;

/// <summary>Makes the TLS parameters of destinations out of settings, once for each snapshot and content of the authorities' files.</summary>
internal sealed class BackendTlsFactory(BackendAuthorities authorities)
{
    private readonly ConditionalWeakTable<BackendTlsSettings, ConcurrentDictionary<(
        string Host, MailProtocol Protocol), BackendTlsParameters>> _parameters = [];

    /// <summary>The parameters for a destination on <paramref name="host"/>.</summary>
    /// <exception cref="AuthenticationException">The authorities cannot be read.</exception>
    public BackendTlsParameters For(BackendTlsSettings settings, string host, MailProtocol protocol)
    {
        var trusted = settings is { Verify: true, Authorities: { } path } ? authorities.In(path) : null;
        return _parameters.GetOrCreateValue(settings).AddOrUpdate(
            (host, protocol),
            static (key, made) => Create(made.Settings, key.Host, key.Protocol, made.Trusted),
            static (key, known, made) => ReferenceEquals(known.Authorities, made.Trusted)
                ? known
                : Create(made.Settings, key.Host, key.Protocol, made.Trusted),
            (Settings: settings, Trusted: trusted));
    }

    private static BackendTlsParameters Create(
        BackendTlsSettings settings, string host, MailProtocol protocol, X509Certificate2Collection? trusted) =>
        new(settings.CertificateName ?? host, ProtocolProfile.Of(protocol).ApplicationProtocol, settings.Verify, trusted);
}
