using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Npgsql;

namespace TlsFront.Configuration.Schema;

/// <summary>A connection string of Npgsql. Any text is taken: what is wrong with one is told without it, for it may hold a password.</summary>
internal sealed class PostgresType : SettingType<string>
{
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
            return !string.IsNullOrEmpty(parts.Password) ? new("holds the password", "write it into a file, and the file's name in passwordFile")
                : string.IsNullOrEmpty(parts.Host) ? new("names no host", HowTo)
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return new("is no connection string of Npgsql", HowTo);
        }
    }

    public override JsonObject ToJsonSchema() => new() { ["type"] = "string", ["pattern"] = "[^ ]" };
}
