using System.Globalization;

namespace TlsFront.Connections;

/// <summary>What is known of a client that is refused, in an operator's words.</summary>
internal static class ClientWords
{
    private const string HeldDown = "held down by this gateway's settings or certificate";

    /// <summary>
    /// What a client offered that got no better than this; null if nothing better exists, or its offer is not known. No two clients of a kind get two
    /// texts: there are few, and many users.
    /// </summary>
    public static string? OfOffer(TlsOffer? offer, TlsVersion? used, bool hasWeakCipher) => (offer, used) switch
    {
        ({ } best, { } version) when best.Version > version => best.Version switch
        {
            TlsVersion.Tls13 => $"offers TLS 1.3: {HeldDown}",
            TlsVersion.Tls12 => $"offers TLS 1.2: {HeldDown}",
            _ => $"offers TLS 1.1: {HeldDown}",
        },
        ({ HasStrongCipher: true }, { }) when hasWeakCipher => $"offers strong cipher suites: {HeldDown}",
        ({ } best, < TlsVersion.Tls13) => OfBest(best),
        _ => null,
    };

    /// <summary>The best of an offer.</summary>
    public static string OfBest(TlsOffer best) => best switch
    {
        { Version: TlsVersion.Tls12, HasStrongCipher: false } => "offers at most TLS 1.2, without a strong cipher suite",
        { Version: TlsVersion.Tls12 } => "offers at most TLS 1.2",
        { Version: TlsVersion.Tls11 } => "offers at most TLS 1.1",
        { Version: TlsVersion.Tls10 } => "offers at most TLS 1.0",
        { Version: TlsVersion.Ssl3 } => "offers at most SSL 3.0",
        _ => "offers TLS 1.3",
    };

    /// <summary>How often clients logged in from where, with which programs, and when last.</summary>
    public static string OfLogins(long times, string networks, string programs, DateTimeOffset last) =>
        $"seen {OfTimes(times, networks, programs)}, {OfSuccess(last)}";

    /// <summary>
    /// How often clients were refused from where, with which programs, and when they last got in. Nothing is said of that where it is not known and
    /// would not be: <paramref name="isSuccessKept"/>.
    /// </summary>
    public static string OfRefusals(long times, string networks, string programs, DateTimeOffset? lastSuccess, bool isSuccessKept = true) =>
        $"refused {OfTimes(times, networks, programs)}{(isSuccessKept || lastSuccess is not null ? $", {OfSuccess(lastSuccess)}" : "")}";

    private static string OfTimes(long times, string networks, string programs) => string.Create(
        CultureInfo.InvariantCulture, $"{times} {(times == 1 ? "time" : "times")} from {networks}{OfPrograms(programs)}");

    private static string OfPrograms(string programs) => programs.Length > 0 ? $", program {programs}" : "";

    private static string OfSuccess(DateTimeOffset? last) =>
        last is { } moment ? string.Create(CultureInfo.InvariantCulture, $"last success {moment.UtcDateTime:yyyy-MM-dd}") : "no success known";
}
