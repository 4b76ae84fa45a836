using System.Buffers;
using System.Collections.Frozen;

namespace TlsFront.Migration;

/// <summary>What names of programs, in EHLO or IMAP's ID, tell of who has them. Anybody can call itself anything.</summary>
internal static class ProgramNames
{
    /// <summary>Parts of the names of programs in which people read and write mail.</summary>
    private static readonly SearchValues<string> MailPrograms = SearchValues.Create(
        [
            "thunderbird", "iphone mail", "ipad mail", "mac os x mail", "com.apple.email", "smtpclient.apple", "outlook", "k-9", "fairemail",
            "com.google.android", "foxmail", "evolution", "kmail", "geary", "mutt", "claws mail", "sylpheed", "the bat", "em client", "mailspring",
            "aqua mail", "bluemail", "spark", "airmail", "seamonkey", "betterbird", "alpine",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Words in names of devices and scripts, of the kind and of makers whose devices name themselves (BRN, BRW: Brother; NPI: HP; RNP: Ricoh;
    /// XRX: Xerox).
    /// </summary>
    private static readonly FrozenSet<string> Devices = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "scan", "scanner", "scantomail", "print", "printer", "drucker", "mfp", "mfd", "mfc", "copier", "kopierer", "fax", "multifunction",
        "brn", "brw", "npi", "rnp", "xrx", "canon", "ricoh", "kyocera", "konica", "minolta", "xerox", "lexmark", "epson", "sharp", "oki",
        "toshiba", "nas", "diskstation", "synology", "qnap", "truenas", "freenas", "readynas", "camera", "ipcam", "cam", "nvr", "dvr", "doorbell",
        "ups", "pdu", "idrac", "ilo", "ipmi", "bmc", "switch", "router", "firewall", "pbx", "voip", "sensor", "plc", "scada", "cron", "backup",
        "monitoring", "nagios", "icinga", "zabbix", "localhost", "fetchmail", "getmail", "imapsync", "offlineimap", "mbsync", "isync", "curl",
        "swaks", "msmtp", "ssmtp", "nullmailer", "phpmailer", "javamail", "python", "imaplib", "perl");

    /// <summary>Whether <paramref name="program"/> is one that people use.</summary>
    public static bool IsOfMailProgram(string program) => program.AsSpan().ContainsAny(MailPrograms);

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
