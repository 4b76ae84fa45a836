using System.Diagnostics.CodeAnalysis;

namespace TlsFront.Tls;

/// <summary>Verdict of a <see cref="TlsPolicy"/> on a hello: a certificate and parameters, or a refusal.</summary>
internal readonly struct TlsSelection
{
    public TlsSelection(LoadedCertificate certificate, TlsParameters parameters)
    {
        Certificate = certificate;
        Parameters = parameters;
    }

    public TlsSelection(TlsRefusal refusal) => Refusal = refusal;

    /// <summary>The certificate to present; null if refused.</summary>
    public LoadedCertificate? Certificate { get; }

    /// <summary>The rest of the handshake's terms; null if refused.</summary>
    public TlsParameters? Parameters { get; }

    /// <summary>The refusal; null if there is none.</summary>
    public TlsRefusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Certificate), nameof(Parameters))]
    public bool IsRefused => Refusal is not null;
}
