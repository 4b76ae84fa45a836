using TlsFront.Configuration;
using TlsFront.Tls.Certificates;
using TlsFront.Tls.ClientCertificates;
using TlsFront.Tls.Tickets;

namespace TlsFront.Tls;

/// <summary>Registers certificates and ticket keys.</summary>
internal static class TlsServices
{
    public static void AddTls(this IServiceCollection services)
    {
        services.AddSingleton<CertificateStore>();
        services.AddSingleton<TicketKeyStore>();
        services.AddSingleton<ClientCertificateStore>();
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<CertificateStore>());
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<TicketKeyStore>());
        services.AddSingleton<ISettingsFiles>(static provider => provider.GetRequiredService<ClientCertificateStore>());
    }
}
