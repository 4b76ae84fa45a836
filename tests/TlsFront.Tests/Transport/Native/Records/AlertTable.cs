using System.Text;
using System.Text.Json;
using TlsFront.Tls;

namespace TlsFront.Tests.Transport.Native.Records;

/// <summary>The cases of the tests as a table: what a peer sends, the alert that it gets, and the section that names it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal static class AlertTable
{
    private const string None = "none: a limit of ours";

    /// <summary>Sections of RFC 8446 by case.</summary>
    private static readonly Dictionary<string, string> Sections13 = new()
    {
        ["application data that is no record of any type"] = "5.4",
        ["nothing but padding"] = "5.4",
        ["a type nobody knows"] = "5",
        ["a protected ChangeCipherSpec"] = "5",
        ["a ChangeCipherSpec behind the Finished"] = "5",
        ["an alert in clear"] = "5, 5.2",
        ["a ClientHello in clear"] = "5, 5.2",
        ["HTTP"] = "5",
        ["a record too long"] = "5.2",
        ["content too long"] = "5.1",
        ["too much padding"] = "5.4",
        ["a record without room for a tag"] = "5.2",
        ["a record of another key"] = "5.2",
        ["a record again"] = "5.2, 5.3",
        ["no alert in an alert"] = "5.4",
        ["half an alert"] = "5.1, 6.2",
        ["two alerts"] = "5.1, 6.2",
        ["no message in a handshake record"] = "5.4",
        ["a ClientHello"] = "4.1.2",
        ["a certificate that nobody asked for"] = "4, 4.6.2",
        ["a Finished"] = "4",
        ["an update of no length"] = "6.2",
        ["an update of two octets"] = "6.2",
        ["an update of a huge length"] = "6.2",
        ["an update that means nothing"] = "4.6.3",
        ["something behind an update"] = "5.1",
        ["data within an update"] = "5.1",
        ["an alert within an update"] = "5.1",
        ["the old key behind an update"] = "4.6.3, 5.2",
        ["33 empty records"] = None,
        ["33 warnings"] = None,
        ["33 updates"] = None,
        ["a 33rd alert that means nothing"] = None,
        ["a request for a certificate"] = "4, 4.6.2",
        ["a request for a certificate behind a ticket"] = "4, 4.6.2",
        ["a HelloRequest"] = "4",
        ["data within a ticket"] = "5.1",
        ["a ticket behind an update"] = "5.1",
        ["33 tickets"] = None,
    };

    /// <summary>Sections of RFC 5246 by case.</summary>
    private static readonly Dictionary<string, string> Sections12 = new()
    {
        ["a type nobody knows"] = "6",
        ["a protected ChangeCipherSpec"] = "7.2.2",
        ["a ChangeCipherSpec in clear"] = "7.2.2",
        ["an alert in clear"] = "6.2.3.3",
        ["a ClientHello in clear"] = "6.2.3.3",
        ["HTTP"] = "6",
        ["the version of TLS 1.0"] = "6.2.1, 7.2.2",
        ["a record too long"] = "6.2.3, 7.2.2",
        ["content too long"] = "6.2.1, 7.2.2",
        ["a record without room for a tag"] = "6.2.3.3",
        ["a record of another key"] = "6.2.3.3",
        ["a record again"] = "6.2.3.3",
        ["a record left out"] = "6.2.3.3",
        ["a record of another type"] = "6.2.3.3",
        ["no alert in an alert"] = "6.2.1",
        ["half an alert"] = "7.2.2",
        ["two alerts in a record"] = "7.2.2",
        ["an alert of a level that nobody knows"] = "7.2.2",
        ["five warnings"] = None,
        ["no message in a handshake record"] = "6.2.1",
        ["a HelloRequest"] = "7.4",
        ["a Finished"] = "7.4",
        ["a KeyUpdate"] = "7.4",
        ["data within a hello"] = "7.2.2",
        ["something behind a hello"] = "7.4",
        ["33 empty records"] = None,
        ["33 hellos"] = None,
        ["a hello that never ends"] = None,
        ["a ClientHello"] = "7.4",
        ["a ticket"] = "7.4",
        ["a HelloRequest with something in it"] = "7.2.2",
        ["33 HelloRequests"] = None,
    };

    /// <summary>The table.</summary>
    public static string Write()
    {
        var table = new StringBuilder();
        WriteVersion(
            table, "TLS 1.3", "8446", Sections13, Cases(Tls13RecordsTests.Offences()), Cases(ClientRecordsTests.Offences13()));
        WriteVersion(
            table, "TLS 1.2", "5246", Sections12, Tls12RecordsTests.All.Select(static offence => (offence.What, offence.Alert)),
            Cases(ClientRecordsTests.Offences12()));
        return table.ToString();
    }

    private static IEnumerable<(string What, int Alert)> Cases(IEnumerable<object[]> offences) =>
        offences.Select(static offence => ((string)offence[0], (int)offence[2]));

    private static void WriteVersion(
        StringBuilder table, string version, string rfc, Dictionary<string, string> sections, params IEnumerable<(string What, int Alert)>[] cases)
    {
        table.Append($"| {version}: a client sends | alert | RFC {rfc} |\n|---|---|---|\n");
        WriteCases(table, sections, cases[0]);
        table.Append($"\n| {version}: a server sends | alert | RFC {rfc} |\n|---|---|---|\n");
        WriteCases(table, sections, cases[1]);
        table.Append('\n');
    }

    private static void WriteCases(StringBuilder table, Dictionary<string, string> sections, IEnumerable<(string What, int Alert)> cases)
    {
        foreach (var (what, alert) in cases)
        {
            table.Append($"| {what} | {JsonNamingPolicy.SnakeCaseLower.ConvertName($"{(TlsAlert)alert}")} | {sections[what]} |\n");
        }
    }
}
