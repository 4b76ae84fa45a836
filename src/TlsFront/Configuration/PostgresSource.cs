using Npgsql;

namespace TlsFront.Configuration;

/// <summary>How the gateway connects to PostgreSQL, so that a connection string is tried as it will be used.</summary>
internal static class PostgresSource
{
    /// <summary>Longest wait for a connection and for one statement, in seconds.</summary>
    public const int Patience = 3;

    /// <summary>What makes connections by <paramref name="text"/>: with TLS, without a pool.</summary>
    public static NpgsqlSlimDataSourceBuilder Builder(string text)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(text);
        builder.EnableTransportSecurity();
        var parts = builder.ConnectionStringBuilder;
        (parts.Timeout, parts.CommandTimeout, parts.Pooling, parts.ApplicationName) = (Patience, Patience, false, "tlsfront");
        return builder;
    }
}
