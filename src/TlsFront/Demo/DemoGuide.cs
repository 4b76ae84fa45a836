namespace TlsFront.Demo;

/// <summary>What the demo says once it runs: lines to paste into another terminal.</summary>
internal static class DemoGuide
{
    /// <summary>Writes the text.</summary>
    public static void Write(TextWriter output, DemoPorts ports, DemoFiles files)
    {
        var authority = ShellQuote(files.Authority);
        output.Write($$"""

            TlsFront demo: the gateway speaks TLS on localhost, and behind it an old mail server without TLS.
            User {{MailStore.UserName}}, password {{MailStore.Password}}. Mail to anyone lands in the INBOX, which lives in memory until Ctrl-C.

            Send a message (no news is good news):

              printf 'From: a@demo.test\r\nTo: demo@demo.test\r\nSubject: Hello\r\n\r\nIt works.\r\n' | \
                curl -sS --url smtps://localhost:{{ports.Smtp}} --cacert {{authority}} -u {{MailStore.UserName}}:{{MailStore.Password}} \
                --mail-from a@demo.test --mail-rcpt demo@demo.test --upload-file -

            Read it back, and see "Received: ... tls ...", which the gateway added:

              curl --cacert {{authority}} -u {{MailStore.UserName}}:{{MailStore.Password}} 'imaps://localhost:{{ports.Imap}}/INBOX;MAILINDEX=1'
              curl --cacert {{authority}} -u {{MailStore.UserName}}:{{MailStore.Password}} pop3s://localhost:{{ports.Pop3}}/1

            Talk to it by hand:

              openssl s_client -crlf -connect localhost:{{ports.Smtp}} -servername {{DemoCertificates.HostName}} -CAfile {{authority}}
              openssl s_client -crlf -connect localhost:{{ports.Imap}} -servername {{DemoCertificates.HostName}} -CAfile {{authority}}
              openssl s_client -crlf -connect localhost:{{ports.Pop3}} -servername {{DemoCertificates.HostName}} -CAfile {{authority}}

            Mail programs: server localhost, TLS ("SSL/TLS") on these ports, and {{files.Authority}} as a trusted authority.
            Watch the gateway in a browser: http://127.0.0.1:{{ports.Admin}}/ (metrics: /metrics). In a terminal: tlsfront status --set admin.socket={{ShellQuote(files.AdminSocket)}}. Ctrl-C ends the demo.


            """);
        output.Flush();
    }

    /// <summary>The path as one word of a POSIX shell.</summary>
    private static string ShellQuote(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_')
            ? path
            : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
