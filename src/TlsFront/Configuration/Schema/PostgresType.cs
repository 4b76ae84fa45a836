using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace TlsFront.Configuration.Schema;

/// <summary>A connection string of Npgsql. Any text is taken: what is wrong with one is told without it, for it may hold a password.</summary>
internal sealed class PostgresType : SettingType<string>
{
    /// <summary>What is shown in place of a connection string.</summary>
    public const string NotShown = "(not shown)";

    private const string HowTo = "write Host=/run/postgresql;Database=tlsfront;Username=tlsfront, or a host's name for Host";

    public override string Description => "connection string of Npgsql";

    public override bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (value, problem) = (text, null);
        return true;
    }

    /// <summary>What is wrong with a connection string; null if nothing is.</summary>
    public static ValueProblem? Judge(string text)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(text);
            if (!string.IsNullOrEmpty(parts.Password))
            {
                return new("holds the password", "write it into a file, and the file's name in passwordFile");
            }

            if (string.IsNullOrEmpty(parts.Host))
            {
                return new("names no host", HowTo);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return new("is no connection string of Npgsql", HowTo);
        }

        try
        {
            PostgresSource.Builder(text).Build().Dispose();
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Npgsql names keys here, and no values.
            return new($"combines options that exclude each other: {exception.Message}", HowTo);
        }
    }

    /// <summary>What is unwise about a connection string that is right; null if nothing is.</summary>
    public static ValueProblem? Warn(string text)
    {
        var parts = new NpgsqlConnectionStringBuilder(text);
        return parts.SslMode is SslMode.Disable or SslMode.Allow or SslMode.Prefer && parts.Host!.Split(',').Any(IsRemote)
            ? new("lets names and networks of users cross the network in clear", "add SSL Mode=VerifyFull, and Root Certificate=FILE if needed")
            : null;
    }

    /// <summary>Whether it is another machine: no folder of sockets, and no address of this one.</summary>
    private static bool IsRemote(string host)
    {
        var name = host.Trim();
        return name is not ['/' or '@', ..] && !name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(IPAddress.TryParse(name, out var address) ? IPAddress.IsLoopback(address)
                : IPEndPoint.TryParse(name, out var endPoint) && IPAddress.IsLoopback(endPoint.Address))
            && !name.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase);
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "[^ ]" };
}
