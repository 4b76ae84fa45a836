using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>backends[].master</c>.</summary>
internal static class MasterSchema
{
    private static readonly Setting<MasterSettings, string?> User = new("user", new AccountNameType()!,
        static master => master.User, static (master, value) => master with { User = value },
        "Name of the account: a master user of Dovecot, a proxy administrator of Cyrus.");

    private static readonly Setting<MasterSettings, string?> PasswordFile = new("passwordFile", new PathType("file")!,
        static master => master.PasswordFile, static (master, value) => master with { PasswordFile = value },
        "A file with its password on one line. Read again when it changes.");

    private static readonly Setting<MasterSettings, string?> Separator = new("separator", new AccountNameType()!,
        static master => master.Separator, static (master, value) => master with { Separator = value },
        "What stands between the user's name and the account's, as in Dovecot's `auth_master_user_separator`. Without it the account logs in "
        + "with the user as the authorization identity (RFC 4616), which both servers take.");

    public static readonly SettingsSection<MasterSettings> Section = new("master",
        "An account that may log in as any user: the gateway uses it for users who log in by certificate (`tls.clientCertificates`).",
        new(), User, PasswordFile, Separator)
    { Check = Check };

    private static void Check(SettingsScope scope, MasterSettings master)
    {
        if (scope.Has(User) && !scope.Has(PasswordFile))
        {
            scope.Fail(User, new("has no password", "name the file with it in passwordFile"));
        }

        foreach (var setting in (Setting[])[PasswordFile, Separator])
        {
            if (scope.Has(setting) && !scope.Has(User))
            {
                scope.Fail(setting, new("has no meaning without user", "name the account in user, or remove it"));
            }
        }

        if (master.PasswordFile is not { } file)
        {
            return;
        }

        if (!SecretFile.TryReadPassword(file, out var password, out var warning, out var problem))
        {
            scope.Fail(PasswordFile, new(problem, "write the password, and nothing else, into it"));
            return;
        }

        Array.Clear(password);
        if (warning is not null)
        {
            scope.Warn(PasswordFile, new("OPENS EVERY MAILBOX", warning));
        }
    }
}
