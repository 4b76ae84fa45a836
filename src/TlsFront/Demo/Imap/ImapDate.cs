using System.Globalization;

namespace TlsFront.Demo.Imap;

/// <summary>Dates of IMAP (RFC 3501 section 9, date-time and date).</summary>
internal static class ImapDate
{
    /// <summary>Such as <c>"02-Jan-2026 10:00:00 +0100"</c>, quotes included.</summary>
    public static string Format(DateTimeOffset time) =>
        '"' + time.ToString("dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
            + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal) + '"';

    /// <summary>Parses a date-time; the day may be padded by a space.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text.TrimStart(), "d-MMM-yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>Parses a date, as SEARCH uses it.</summary>
    public static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "d-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
