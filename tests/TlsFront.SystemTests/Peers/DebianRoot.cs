using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Certificates;
using TlsFront.SystemTests.Processes;

namespace TlsFront.SystemTests.Peers;

/// <summary>A small Debian of its own for servers that cannot be installed beside Postfix and Dovecot; they run in it by chroot.</summary>
public sealed class DebianRoot : IDisposable
{
    /// <summary>The name in the certificate of the servers.</summary>
    public const string InternalName = "mail.internal";

    /// <summary>The domain they deliver for.</summary>
    public const string Domain = Postfix.Domain;

    /// <summary>Everybody's password.</summary>
    public const string Password = Dovecot.Password;

    /// <summary>Unpacked once for all runs; only root may write there.</summary>
    private const string Cache = "/var/cache/tlsfront-tests/debian";

    /// <summary>Unpacking alone takes half a minute; the rest is for the network.</summary>
    private static readonly TimeSpan Download = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private int _users;

    private DebianRoot(string authority)
    {
        Directory.CreateDirectory(PathOf("/"));
        AuthorityFile = _folder.PathOf("authority.pem");
        File.WriteAllText(AuthorityFile, authority);
    }

    /// <summary>Who issued the certificate in <see cref="CertificateInside"/>.</summary>
    public string AuthorityFile { get; }

    /// <summary>The servers' certificate as they see it.</summary>
    public static string CertificateInside => "/srv/server.pem";

    /// <summary>Its key as they see it.</summary>
    public static string KeyInside => "/srv/server.key";

    /// <summary>Makes one.</summary>
    public static async Task<DebianRoot> CreateAsync()
    {
        (await Command.RunAsync(Script.PathOf("debian_root.sh"), [Cache], within: Download)).Succeeded();
        using var authority = new TestAuthority();
        var root = new DebianRoot(authority.Pem);
        // Links where both are on one file system: nothing below changes a file that is there.
        (await Command.RunAsync("sh", ["-c", "cp -al \"$1/.\" \"$2\" 2>/dev/null || cp -a \"$1/.\" \"$2\"", "copy", Cache, root.PathOf("/")]))
            .Succeeded();
        var certificate = authority.Issue(KeyKind.Rsa, InternalName);
        root.Write(CertificateInside, certificate.Chain);
        root.Write(KeyInside, certificate.Key, UnixFileMode.UserRead);
        Directory.CreateDirectory(root.PathOf("/srv/mail"));
        Ownership.Give(root.PathOf("/srv/mail"), Ownership.MailUser);
        return root;
    }

    /// <summary>Where a path of its own is from outside.</summary>
    public string PathOf(string inside) => Path.Combine(_folder.Path, "root", inside.TrimStart('/'));

    /// <summary>Makes a folder that is a user's own.</summary>
    public void Folder(string inside, int user) => Ownership.Give(Directory.CreateDirectory(PathOf(inside)).FullName, user);

    /// <summary>Writes a file; the folders on the way are made.</summary>
    public void Write(
        string inside, string text,
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(inside))!);
        File.WriteAllText(PathOf(inside), text);
        File.SetUnixFileMode(PathOf(inside), mode);
    }

    /// <summary>Runs a command in it to its end.</summary>
    public Task<Command> RunAsync(string command, IEnumerable<string> arguments, string input = "") =>
        Command.RunAsync("chroot", [PathOf("/"), command, .. arguments], input);

    /// <summary>Starts a server in it and waits until it listens.</summary>
    public async Task<Daemon> StartAsync(int port, string command, params IEnumerable<string> arguments)
    {
        var daemon = await Daemon.StartAsync("chroot", [PathOf("/"), command, .. arguments]);
        await Eventually.TrueAsync($"{command} listens", async () => daemon.HasExited || await Ports.IsOpenAsync(port));
        Assert.False(daemon.HasExited, $"{command} does not start:\n{string.Join('\n', daemon.Lines)}");
        return daemon;
    }

    /// <summary>A user with an empty mailbox.</summary>
    public MailUser NewUser()
    {
        var name = $"user{Interlocked.Increment(ref _users)}";
        return new MailUser(name, PathOf($"/srv/mail/{name}/Maildir/new"));
    }

    public void Dispose() => _folder.Dispose();
}
