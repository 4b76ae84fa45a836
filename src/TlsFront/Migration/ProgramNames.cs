using System.Collections.Frozen;

namespace TlsFront.Migration;

/// <summary>What names of programs, in EHLO or IMAP's ID, tell of who has them. Anybody can call itself anything.</summary>
internal static class ProgramNames
{
    /// <summary>What stands behind a program's name: what goes on otherwise is another name, or a host's.</summary>
    private const string Ends = " /!(";

    /// <summary>Names of programs in which people read and write mail.</summary>
    private static readonly string[] MailPrograms =
    [
        "thunderbird", "mozilla thunderbird", "iphone mail", "ipad mail", "mac os x mail", "com.apple.email", "smtpclient.apple", "outlook",
        "microsoft outlook", "outlook-ios-android", "k-9", "k-9 mail", "fairemail", "com.google.android.gm", "com.google.android.email", "foxmail",
        "evolution", "kmail", "geary", "mutt", "neomutt", "claws mail", "sylpheed", "the bat", "em client", "mailspring", "aqua mail", "bluemail",
        "spark", "airmail", "seamonkey", "betterbird", "alpine",
    ];

    /// <summary>
    /// Words in names of devices and scripts, of the kind and of makers whose devices name themselves (BRN, BRW: Brother; NPI: HP; RNP: Ricoh;
    /// XRX: Xerox).
    /// </summary>
    private static readonly FrozenSet<string> Devices = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "scan", "scanner", "scantomail", "printer", "drucker", "mfp", "mfd", "mfc", "copier", "kopierer", "fax", "multifunction",
        "brn", "brw", "npi", "rnp", "xrx", "canon", "ricoh", "kyocera", "konica", "minolta", "xerox", "lexmark", "epson", "oki",
        "toshiba", "nas", "diskstation", "synology", "qnap", "truenas", "freenas", "readynas", "camera", "ipcam", "cam", "nvr", "dvr", "doorbell",
        "ups", "pdu", "idrac", "ilo", "ipmi", "bmc", "router", "firewall", "pbx", "voip", "sensor", "plc", "scada", "cron", "backup",
        "monitoring", "nagios", "icinga", "zabbix", "fetchmail", "getmail", "imapsync", "offlineimap", "mbsync", "isync", "curl",
        "swaks", "msmtp", "ssmtp", "nullmailer", "phpmailer", "javamail", "python", "imaplib", "perl");

    /// <summary>Whether <paramref name="program"/> is one that people use.</summary>
    public static bool IsOfMailProgram(string program) => Array.Exists(
        MailPrograms,
        name => program.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && (program.Length == name.Length || Ends.Contains(program[name.Length], StringComparison.Ordinal)));

    /// <summary>Whether <paramref name="program"/> has a device's or a script's word in its first label: a domain behind it says nothing.</summary>
    public static bool IsOfDevice(string program)
    {
        if (IsOfMailProgram(program) || program.StartsWith('['))
        {
            return false;
        }

        var words = Devices.GetAlternateLookup<ReadOnlySpan<char>>();
        var label = program.AsSpan(0, program.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? dot : program.Length);
        for (var rest = label; !rest.IsEmpty;)
        {
            var length = 0;
            while (length < rest.Length && char.IsAsciiLetter(rest[length]))
            {
                length++;
            }

            if (length > 0 && words.Contains(rest[..length]))
            {
                return true;
            }

            rest = rest[Math.Max(length, 1)..];
        }

        return false;
    }
}
