using TlsFront.Backends;

namespace TlsFront.Diagnosis;

/// <summary>Registers the diagnosis of destinations while the gateway runs.</summary>
internal static class DiagnosisServices
{
    public static void AddDiagnosis(this IServiceCollection services) => services.AddSingleton<IDestinationObserver, LiveDiagnosis>();
}
