using TlsFront.Connections;
using TlsFront.Inventory;

namespace TlsFront.Migration;

/// <summary>Which logins a report is about; what is null holds for all.</summary>
/// <param name="Since">From then on.</param>
/// <param name="Until">Until then.</param>
/// <param name="Transport">By that transport.</param>
/// <param name="Below">With an older TLS version, or none.</param>
/// <param name="Listener">On that listener.</param>
internal sealed record UsageFilter(DateTimeOffset? Since, DateTimeOffset? Until, LoginTransport? Transport, TlsVersion? Below, string? Listener)
{
    /// <summary>Only those whose password crossed the network in clear.</summary>
    public bool IsOfExposed { get; init; }

    /// <summary>Only rows that look so; null for all.</summary>
    public ClientKind? Kind { get; init; }

    /// <summary>Whether the report is about <paramref name="login"/>.</summary>
    public bool Matches(ObservedLogin login) =>
        IsInTime(login)
        && (!IsOfExposed || login.IsExposed)
        && (Transport is null || login.Transport == Transport)
        && (Below is null || !(login.Tls >= Below))
        && (Listener is null || login.Listener == Listener);

    /// <summary>Whether it was, or some of them were, in the time that the report is about.</summary>
    public bool IsInTime(ObservedLogin login) => (Since is null || login.At >= Since) && (Until is null || login.First < Until);
}
