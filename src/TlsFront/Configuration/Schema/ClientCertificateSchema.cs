using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>tls.clientCertificates</c> of a listener and of a route.</summary>
internal static class ClientCertificateSchema
{
    private const string Inherited = "that of the listener";

    private static readonly Setting<ClientCertificateSettings, string?> Authorities = new("ca", new PathType("file")!,
        static clients => clients.Authorities, static (clients, value) => clients with { Authorities = value },
        "A PEM file with the root authorities that clients' certificates may be of. Clients are asked for one only where it is set. Read again when "
        + "it changes.");

    /// <summary><c>crl</c>.</summary>
    public static readonly Setting<ClientCertificateSettings, string?> RevocationLists = new("crl", new PathType("file")!,
        static clients => clients.RevocationLists, static (clients, value) => clients with { RevocationLists = value },
        "A PEM file with the revocation lists of those authorities. A certificate is refused if its authority's list has it, is out of date or is "
        + "missing. Read again when it changes. Without it nothing is revoked.");

    private static readonly Setting<ClientCertificateSettings, CertificateUser> User = new("user",
        new ChoiceType<CertificateUser>(
            ("subjectAlternativeName.email", CertificateUser.Email), ("commonName", CertificateUser.CommonName)),
        static clients => clients.User, static (clients, value) => clients with { User = value },
        "The part of a certificate that names the user, who may then log in by SASL EXTERNAL. A certificate with none of it, or more than one, "
        + "names nobody.");

    private static readonly Setting<ClientCertificateSettings, bool> IsRequired = new("required", new ChoiceType<bool>(("on", true), ("off", false)),
        static clients => clients.IsRequired, static (clients, value) => clients with { IsRequired = value },
        "`on`: a client without a certificate is refused. `off`: it logs in by password.");

    /// <summary>Those of a listener.</summary>
    public static readonly SettingsSection<ClientCertificateSettings> ListenerSection = new(
        "clientCertificates", "Certificates of clients, by which they log in (RFC 8314, section 4.2).", new(),
        Authorities, RevocationLists, User, IsRequired)
    { Check = Check };

    /// <summary>Those of a route.</summary>
    public static readonly SettingsSection<ClientCertificateSettings> RouteSection = new(
        "clientCertificates", "Certificates of clients that ask for the names of this route.", new(),
        Authorities.Inheriting(Inherited), RevocationLists.Inheriting(Inherited), User.Inheriting(Inherited), IsRequired.Inheriting(Inherited))
    { Check = Check };

    private static void Check(SettingsScope scope, ClientCertificateSettings clients)
    {
        if (!clients.AreRequested)
        {
            foreach (var setting in (Setting[])[RevocationLists, User, IsRequired])
            {
                if (scope.Has(setting))
                {
                    scope.Fail(
                        setting, new("has no meaning without ca: no client is asked for a certificate", "name the authorities in ca, or remove it"));
                }
            }

            return;
        }

        if (scope.Has(Authorities) && !AuthorityFile.TryRead(clients.Authorities!, out _, out var problem))
        {
            scope.Fail(Authorities, problem);
        }

        if (scope.Has(RevocationLists) && !File.Exists(clients.RevocationLists))
        {
            scope.Fail(RevocationLists, PathType.Missing(clients.RevocationLists!, "file"));
        }
    }
}
