using System.Text.Json;

namespace TlsFront.Inventory;

/// <summary>What is kept of a user in one row.</summary>
/// <param name="Table">login for a single login, usage for those of a day, told for when the user was told to move.</param>
/// <param name="First">When it was, or the first of them.</param>
/// <param name="Last">When the last of them was.</param>
/// <param name="Logins">How many, or how often the user was told.</param>
/// <param name="User">Under which name.</param>
/// <param name="Network">From where.</param>
/// <param name="Manner">How: the values of <see cref="LoginManner.Columns"/>.</param>
internal sealed record UserRow(
    string Table, DateTimeOffset First, DateTimeOffset Last, long Logins, string User, string Network, IReadOnlyList<string> Manner)
{
    /// <summary>The table of who was told to move.</summary>
    public const string Told = "told";

    /// <summary>Writes it as a JSON object; what is not known is left out.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("table", Table);
        json.WriteString("first", First);
        json.WriteString("last", Last);
        json.WriteNumber(Table == Told ? "times" : "logins", Logins);
        json.WriteString("username", User);
        if (Network.Length > 0)
        {
            json.WriteString("network", Network);
        }

        foreach (var (column, value) in LoginManner.Columns.Zip(Manner))
        {
            if (value.Length > 0)
            {
                json.WriteString(column, value);
            }
        }

        json.WriteEndObject();
    }
}
