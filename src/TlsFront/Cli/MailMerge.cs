using System.Globalization;
using TlsFront.Connections;
using TlsFront.Migration;

namespace TlsFront.Cli;

/// <summary>Those who have something to do, as CSV to write to them: what they use, from where, with which program, and what to do.</summary>
internal static class MailMerge
{
    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, UsageReport report)
    {
        MigrationText.WriteLine(output, "user", "uses", "from", "programs", "listeners", "last_seen", "what_to_do");
        foreach (var row in report.Rows.Where(static row => row.Urgency > Urgency.None && row.Name != UsageReport.Unknown))
        {
            MigrationText.WriteLine(
                output, row.Name, UsesOf(row), string.Join(' ', row.Networks), string.Join(';', row.Programs), string.Join(' ', row.Listeners),
                row.Last.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), WhatToDo(row));
        }
    }

    /// <summary>What a user uses that is to be left.</summary>
    public static string UsesOf(Usage row) => row.Urgency switch
    {
        Urgency.Cleartext => LoginTransport.Cleartext.Tag(),
        Urgency.OldTls => $"TLS {row.Versions.First()}",
        Urgency.WeakCipher => "weak-cipher",
        _ => LoginTransport.StartTls.Tag(),
    };

    /// <summary>What a user is to do.</summary>
    public static string WhatToDo(Usage row) => row.Urgency switch
    {
        Urgency.Cleartext => "Choose SSL/TLS in the mail program, then change the password: others could read it",
        Urgency.OldTls => "Update the mail program or device: its TLS is too old",
        Urgency.WeakCipher => "Update the mail program or device: its encryption is too weak",
        _ => "Choose SSL/TLS in place of STARTTLS in the mail program",
    };
}
