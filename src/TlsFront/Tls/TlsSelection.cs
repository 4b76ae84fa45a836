using System.Diagnostics.CodeAnalysis;
using TlsFront.Tls.Certificates;

namespace TlsFront.Tls;

/// <summary>Verdict of a <see cref="TlsPolicy"/> on a hello: a route, and there a certificate and parameters or a refusal.</summary>
internal readonly struct TlsSelection
{
    public TlsSelection(LoadedCertificate certificate, TlsParameters parameters, TlsRoute? route, bool isByName)
    {
        Certificate = certificate;
        Parameters = parameters;
        Route = route;
        IsByName = isByName;
    }

    public TlsSelection(TlsRefusal refusal, TlsRoute? route)
    {
        Refusal = refusal;
        Route = route;
    }

    /// <summary>The route of the name the client asked for, refused or not; null if the listener's own backend and terms are for it.</summary>
    public TlsRoute? Route { get; }

    /// <summary>Whether the server name chose the certificate or the route, which the client is to be told (RFC 6066 section 3).</summary>
    public bool IsByName { get; }

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
