namespace TlsFront.Connections;

/// <summary>Words for <see cref="TlsVersion"/>.</summary>
internal static class TlsVersions
{
    /// <summary>The version as people write it, such as "TLS 1.2".</summary>
    public static string Words(this TlsVersion version) => version switch
    {
        TlsVersion.Ssl3 => "SSL 3.0",
        TlsVersion.Tls10 => "TLS 1.0",
        TlsVersion.Tls11 => "TLS 1.1",
        TlsVersion.Tls12 => "TLS 1.2",
        TlsVersion.Tls13 => "TLS 1.3",
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, null),
    };

    /// <summary>The version of a number such as "1.2"; null if it is none's.</summary>
    public static TlsVersion? Parse(string? number)
    {
        foreach (var version in Enum.GetValues<TlsVersion>())
        {
            if (version.Number() == number)
            {
                return version;
            }
        }

        return null;
    }

    /// <summary>The version as a metric tag, OpenTelemetry's <c>tls.protocol.version</c>.</summary>
    public static string Number(this TlsVersion version) => version switch
    {
        TlsVersion.Tls13 => "1.3",
        TlsVersion.Tls12 => "1.2",
        TlsVersion.Tls11 => "1.1",
        TlsVersion.Tls10 => "1.0",
        _ => "3.0",
    };
}
