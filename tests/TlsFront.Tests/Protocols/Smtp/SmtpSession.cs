using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>A session in the harness, brought to where a test begins.</summary>
internal static class SmtpSession
{
    public const string Greeting = "220 backend.example.com ESMTP\r\n";

    public const string EhloReply =
        "250-backend.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-AUTH PLAIN LOGIN\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n";

    /// <summary>The field of protocols.md section 1.2, as the harness's facts make it.</summary>
    public static string Header(
        int number = 1, string? recipient = "bob@example.org", string with = "ESMTPSA", string hello = "laptop.example.net") =>
        $"Received: from {hello} ([203.0.113.5])\r\n\tby mail.example.com with {with} id 01J9ZQ7K3M.{number}\r\n"
        + (recipient is null ? "" : $"\tfor <{recipient}>\r\n")
        + "\ttls TLS_AES_256_GCM_SHA384 (TLS1.3);\r\n\tMon, 23 Nov 2026 16:17:00 +0100\r\n";

    /// <summary>Greeting relayed, nothing said yet.</summary>
    public static MachineHarness Greeted(SessionRules? rules = null)
    {
        var harness = new MachineHarness(observer => new SmtpMachine(rules ?? new SessionRules(), observer)).Start();
        harness.Backend(Greeting);
        return harness.Forget();
    }

    /// <summary>After EHLO; nobody is logged in.</summary>
    public static MachineHarness Extended(SessionRules? rules = null, string ehloReply = EhloReply)
    {
        var harness = Greeted(rules);
        harness.Client("EHLO laptop.example.net\r\n");
        harness.Backend(ehloReply);
        return harness.Forget();
    }

    /// <summary>After EHLO and a successful AUTH PLAIN as alice.</summary>
    public static MachineHarness LoggedIn(SessionRules? rules = null, string ehloReply = EhloReply)
    {
        var harness = Extended(rules, ehloReply);
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        harness.Backend("235 2.7.0 Ok\r\n");
        return harness.Forget();
    }

    /// <summary>A transaction with one recipient, DATA answered by 354.</summary>
    public static MachineHarness InData(SessionRules? rules = null)
    {
        var harness = LoggedIn(rules);
        harness.Client("MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
        harness.Backend("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go ahead\r\n");
        return harness.Forget();
    }

    /// <summary>A transaction with one recipient and no content yet.</summary>
    public static MachineHarness InTransaction(string mailParameters = "", string ehloReply = EhloReply)
    {
        var harness = LoggedIn(ehloReply: ehloReply);
        harness.Client($"MAIL FROM:<alice@example.com>{mailParameters}\r\n");
        harness.Backend("250 2.1.0 Ok\r\n");
        harness.Client("RCPT TO:<bob@example.org>\r\n");
        harness.Backend("250 2.1.5 Ok\r\n");
        return harness.Forget();
    }

    public static MachineHarness Forget(this MachineHarness harness)
    {
        harness.TakeToBackend();
        harness.TakeToClient();
        harness.Reports.Clear();
        return harness;
    }
}
