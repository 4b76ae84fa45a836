using TlsFront.Migration;

namespace TlsFront.Tests.Migration;

/// <summary>People told from machines, by what is known of them.</summary>
public sealed class KindHintTests
{
    [Theory]
    [InlineData("MFP-3rd-floor", true)]
    [InlineData("scanner01.example.org", true)]
    [InlineData("BRN30055C9A1B2C", true)]
    [InlineData("NPI12AB34", true)]
    [InlineData("DiskStation", true)]
    [InlineData("localhost.localdomain", false)]
    [InlineData("switch7", false)]
    [InlineData("python-imaplib", true)]
    [InlineData("pc7.printers.example.org", false)]
    [InlineData("pc7.nas.example.org", false)]
    [InlineData("nasa", false)]
    [InlineData("campus-pc", false)]
    [InlineData("Thunderbird/128.0", false)]
    [InlineData("[192.0.2.7]", false)]
    [InlineData("DESKTOP-AB12CD", false)]
    [InlineData("", false)]
    public void A_name_of_a_device(string program, bool isDevice) => Assert.Equal(isDevice, ProgramNames.IsOfDevice(program));

    [Theory]
    [InlineData("Thunderbird/128.0", true)]
    [InlineData("K-9 Mail", true)]
    [InlineData("Mutt", true)]
    [InlineData("com.google.android.gm/2024", true)]
    [InlineData("sparkpost", false)]
    [InlineData("spark.example.org", false)]
    [InlineData("pc7.outlook.example.org", false)]
    [InlineData("", false)]
    public void A_name_of_a_mail_program(string program, bool isMailProgram) =>
        Assert.Equal(isMailProgram, ProgramNames.IsOfMailProgram(program));

    [Theory]
    [InlineData("MFP-3rd-floor", true, false, 1, 3, "looks like a machine: submission only, program MFP-3rd-floor")]
    [InlineData("scanner", false, true, 1, 3, "looks like a machine: program scanner")]
    [InlineData("iPhone Mail/21B101", false, true, 4, 3, "looks like a person: program iPhone%20Mail/21B101")]
    [InlineData("DESKTOP-AB12CD", false, true, 1, 3, "looks like a person: reads mail")]
    [InlineData("mx.example.org", true, false, 1, 10, "looks like a machine: submission only, from one network")]
    [InlineData("mx.example.org", true, false, 1, 9, "")]
    [InlineData("mx.example.org", true, false, 2, 10, "")]
    [InlineData("mx.example.org", false, false, 1, 10, "")]
    public void The_evidence_is_said(string program, bool onlySends, bool reads, int networks, long logins, string words) =>
        Assert.Equal(words, KindHint.Of([(program, logins)], logins, onlySends, reads, networks).Words);
}
