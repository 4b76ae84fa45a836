using System.Buffers;
using System.Globalization;
using TlsFront.Configuration;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>Reports on the migration, for people and for spreadsheets.</summary>
internal static class MigrationText
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm";

    /// <summary>What a spreadsheet takes for a formula. Users choose their names.</summary>
    private const string Formula = "=+-@";

    /// <summary>What separates cells or lines in any country's spreadsheet, and quotes.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t\"\r\n");

    /// <summary>Writes a table, and a line on how far the migration is.</summary>
    public static void Write(TextWriter output, UsageReport report, UsageGroup group)
    {
        TextColumns.Write(
            output,
            [
                group.ToString().ToUpperInvariant(), "LOGINS", "CLEARTEXT", "STARTTLS", "TLS", "WARNED", "REFUSED", "EXPOSED", "LAST SEEN", "FROM",
                "PROGRAM", "JA4", "REMARKS",
            ],
            report.Rows.Select(static row => (string[])
            [
                row.Name, Number(row.Logins), Number(row.Cleartext), Number(row.StartTls), string.Join(',', row.Versions), Number(row.Warned),
                Number(row.Refused), Number(row.Exposed), Time(row.Last), string.Join(',', row.Networks), string.Join(',', row.Programs),
                string.Join(',', row.Ja4), Remarks(row),
            ]));
        var parts = report.Adoption.Select(static entry => Words(entry.Name, entry.Adoption));
        output.WriteLine($"by implicit TLS 1.2 or later, all logins: {string.Join("; ", parts)}");
    }

    /// <summary>Writes a table of who would be refused or warned, of so many logins.</summary>
    public static void Write(TextWriter output, IReadOnlyList<WhatIfOutcome> outcomes, long replayed)
    {
        var logins = Amount.Of(replayed, "login");
        if (outcomes.Count == 0)
        {
            output.WriteLine($"{logins} replayed: nobody would be refused or warned");
            return;
        }

        TextColumns.Write(
            output,
            ["USER", "WOULD BE", "BY", "BECAUSE"],
            outcomes.Select(static outcome => (string[])
            [
                outcome.User, outcome.IsSure ? Words(outcome.Effect) : $"may be {Words(outcome.Effect)}", outcome.By, outcome.Because,
            ]));
        output.WriteLine($"{logins} replayed");
    }

    /// <summary>Writes what neither log nor inventory can tell: who uses what is not offered where logins are held.</summary>
    public static void WriteHolding(TextWriter output, GatewaySettings settings)
    {
        var holding = settings.Listeners.Where(settings.HoldsLogins).Select(static listener => listener.Name).ToList();
        if (holding.Count > 0)
        {
            output.WriteLine(
                "not visible in these logins: clients with CRAM-MD5, DIGEST-MD5, APOP, GSSAPI or NTLM, which "
                + $"{string.Join(", ", holding)} would no longer offer");
        }
    }

    /// <summary>Writes a report as CSV.</summary>
    public static void WriteCsv(TextWriter output, UsageReport report)
    {
        WriteLine(
            output, "name", "logins", "cleartext", "starttls", "old_tls", "tls", "warned", "refused", "exposed", "first", "last", "listeners",
            "networks", "programs", "ja4", "offers", "kind", "kind_evidence", "refusal");
        foreach (var row in report.Rows)
        {
            WriteLine(
                output, row.Name, Number(row.Logins), Number(row.Cleartext), Number(row.StartTls), Number(row.OldTls),
                string.Join(' ', row.Versions), Number(row.Warned), Number(row.Refused), Number(row.Exposed), Instant(row.First), Instant(row.Last),
                string.Join(' ', row.Listeners), string.Join(' ', row.Networks),
                string.Join(';', row.Programs), string.Join(' ', row.Ja4), string.Join(';', row.Offers), row.Kind.ToString().ToLowerInvariant(),
                row.KindEvidence, row.Refusal ?? "");
        }
    }

    /// <summary>Writes who would be refused or warned as CSV.</summary>
    public static void WriteCsv(TextWriter output, IReadOnlyList<WhatIfOutcome> outcomes)
    {
        WriteLine(output, "user", "effect", "logins", "last", "networks", "programs", "by", "sure", "because");
        foreach (var outcome in outcomes)
        {
            WriteLine(
                output, outcome.User, outcome.Effect.ToString().ToLowerInvariant(), Number(outcome.Logins), Instant(outcome.Last),
                string.Join(' ', outcome.Networks), string.Join(';', outcome.Programs), outcome.By, outcome.IsSure ? "yes" : "no", outcome.Because);
        }
    }

    /// <summary>What was refused, or else what the clients offer, and whether it looks like a machine.</summary>
    private static string Remarks(Usage row) =>
        string.Join("; ", (row.Refusal is { } refusal ? [refusal] : row.Offers).Append(row.KindEvidence).Where(static words => words.Length > 0));

    private static string Words(WhatIfEffect effect) => effect switch
    {
        WhatIfEffect.Refused => "refused",
        WhatIfEffect.Temporary => "refused at times",
        _ => "warned",
    };

    private static string Words(string name, Adoption adoption)
    {
        var when = name switch { "day" => "in the last day", "week" => "a week ago", _ => "a month ago" };
        return adoption is { Logins: { } logins, Users: var users }
            ? $"{when} {Percent(logins)} of logins{(users is { } part ? $", {Percent(part)} of users" : "")}"
            : $"{when} no logins";
    }

    /// <summary>Rounded down: all is said of all alone.</summary>
    private static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(part * 1000) / 10:0.#}%");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes a line of CSV.</summary>
    public static void WriteLine(TextWriter output, params string[] values) => output.WriteLine(string.Join(',', values.Select(Quote)));

    private static string Quote(string value)
    {
        var safe = value.Length > 0 && Formula.Contains(value[0], StringComparison.Ordinal) ? $"'{value}" : value;
        return safe.AsSpan().ContainsAny(Special) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
