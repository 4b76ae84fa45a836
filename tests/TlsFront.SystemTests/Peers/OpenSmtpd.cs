using System.Globalization;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers;

/// <summary>OpenSMTPD, which offers AUTH only where it does TLS itself: PROXY v2, then TLS.</summary>
public sealed class OpenSmtpd : IAsyncDisposable
{
    private const string Configuration = "/srv/opensmtpd/smtpd.conf";

    private readonly Daemon _daemon;

    private OpenSmtpd(Daemon daemon, int port) => (_daemon, Port) = (daemon, port);

    public int Port { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => string.Join('\n', _daemon.Lines);

    public static async Task<OpenSmtpd> StartAsync(DebianRoot root, int userCount)
    {
        var port = Ports.Next();
        var hash = (await Command.RunAsync("openssl", ["passwd", "-6", DebianRoot.Password])).Succeeded().Output.Trim();
        var names = Enumerable.Range(1, userCount).Select(number => string.Create(CultureInfo.InvariantCulture, $"user{number}"));
        root.Write("/srv/opensmtpd/credentials", string.Concat(names.Select(name => $"{name} {hash}\n")));
        root.Write("/srv/opensmtpd/users", string.Concat(names.Select(name => $"{name}@{DebianRoot.Domain} nobody\n")));
        // It looks up the client's name before it greets; no test may depend on somebody's name server.
        root.Write("/etc/resolv.conf", "lookup file\n");
        root.Write("/etc/mailname", DebianRoot.InternalName + "\n");
        root.Write(Configuration, $$"""
            pki {{DebianRoot.InternalName}} cert "{{DebianRoot.CertificateInside}}"
            pki {{DebianRoot.InternalName}} key "{{DebianRoot.KeyInside}}"
            table credentials file:/srv/opensmtpd/credentials
            table users file:/srv/opensmtpd/users
            listen on 127.0.0.1 port {{port}} smtps pki {{DebianRoot.InternalName}} auth <credentials> proxy-v2 hostname {{DebianRoot.InternalName}}
            action "deliver" maildir "/srv/mail/%{rcpt.user}/Maildir" virtual <users>
            match auth from any for domain "{{DebianRoot.Domain}}" action "deliver"

            """);
        root.Folder("/var/spool/smtpd", 0);
        File.SetUnixFileMode(root.PathOf("/var/spool/smtpd"), (UnixFileMode)0b111_001_001);
        return new OpenSmtpd(await root.StartAsync(port, "/usr/sbin/smtpd", "-d", "-f", Configuration), port);
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}
