using System.Globalization;
using TlsFront.SystemTests.Backends;
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

    /// <summary>Starts one with what is in <c>deploy/opensmtpd</c>; <paramref name="more"/> are more of its listeners.</summary>
    public static async Task<OpenSmtpd> StartAsync(DebianRoot root, int userCount, params IEnumerable<string> more)
    {
        var port = Ports.Next();
        var hash = (await Command.RunAsync("openssl", ["passwd", "-6", DebianRoot.Password])).Succeeded().Output.Trim();
        var names = Enumerable.Range(1, userCount).Select(number => string.Create(CultureInfo.InvariantCulture, $"user{number}"));
        // Certificate, key and credentials where the published file looks for them.
        root.Write("/etc/ssl/mail.internal.pem", File.ReadAllText(root.PathOf(DebianRoot.CertificateInside)));
        root.Write("/etc/ssl/private/mail.internal.key", File.ReadAllText(root.PathOf(DebianRoot.KeyInside)), UnixFileMode.UserRead);
        root.Write("/etc/mail/credentials", string.Concat(names.Select(name => $"{name} {hash}\n")));
        root.Write("/srv/opensmtpd/users", string.Concat(names.Select(name => $"{name}@{DebianRoot.Domain} nobody\n")));
        // It looks up the client's name before it greets; no test may depend on somebody's name server.
        root.Write("/etc/resolv.conf", "lookup file\n");
        root.Write("/etc/mailname", DebianRoot.InternalName + "\n");
        root.Write(Configuration, $$"""
            {{Published.Text("opensmtpd/smtpd.conf", (10465, port))}}
            {{string.Join('\n', more)}}
            table users file:/srv/opensmtpd/users
            action "deliver" maildir "/srv/mail/%{rcpt.user}/Maildir" virtual <users>
            match auth from any for domain "{{DebianRoot.Domain}}" action "deliver"

            """);
        root.Folder("/var/spool/smtpd", 0);
        File.SetUnixFileMode(root.PathOf("/var/spool/smtpd"), (UnixFileMode)0b111_001_001);
        return new OpenSmtpd(await root.StartAsync(port, "/usr/sbin/smtpd", "-d", "-f", Configuration), port);
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}
