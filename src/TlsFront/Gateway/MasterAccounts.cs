using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Gateway;

/// <summary>
/// Logs users in by the master accounts of their backends, where a certificate says who they are and there is no password to hand on.
/// </summary>
internal sealed partial class MasterAccounts : ISettingsFiles, IDisposable
{
    private readonly WatchedFiles<byte[]> _passwords;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    public MasterAccounts(SettingsStore settings, ILogger<MasterAccounts> logger)
    {
        _logger = logger;
        _passwords = new("Master password", ReadPassword, logger);
        var change = Prepare(settings.Current);
        Problems = change.Problems;
        change.Commit();
        _subscription = settings.Subscribe("master passwords", (_, now) => Prepare(now));
    }

    /// <summary>Why passwords could not be read at the start, one line each; empty if all could.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IEnumerable<FileState> Files => _passwords.States;

    /// <summary>
    /// Prepares what <paramref name="backend"/> gets in place of the client's login, if anything; false if that cannot be had, or the facts hold the
    /// refusal of the login. A backend without such an account gets the client's own words, and the certificate's name in the PROXY header.
    /// </summary>
    public bool TryPrepare(SessionFacts facts, BackendSettings backend)
    {
        // Whoever was asked about the user may have said already whom to log in.
        if (!facts.IsLoginByCertificate || facts.BackendLogin is not null || backend.Master is not { User: { } master, PasswordFile: { } file })
        {
            return true;
        }

        var user = facts.User!;
        var separator = backend.Master.Separator;
        if (IsNameOf(master, user) || (separator is not null && user.Contains(separator, StringComparison.Ordinal)))
        {
            // To the backend it would be the account itself, or somebody else's name.
            Log.NoName(_logger, facts.Id, user, backend.Name, separator is null ? "" : $", or holds \"{separator}\"");
            facts.LoginRefusal = LoginRefusal.Plain;
            return false;
        }

        if (_passwords.Get(file).Content is not { } password)
        {
            Log.NoPassword(_logger, facts.Id, backend.Name, file);
            return false;
        }

        facts.BackendLogin = separator is null ? new(user, master, password) : new(null, user + separator + master, password);
        return true;
    }

    private static bool IsNameOf(string master, string user) =>
        user.Equals(master, StringComparison.OrdinalIgnoreCase)
        || user.Split('@')[0].Equals(master.Split('@')[0], StringComparison.OrdinalIgnoreCase);

    public void Refresh() => _passwords.Refresh();

    public void Dispose() => _subscription.Dispose();

    private (byte[]? Content, IReadOnlyList<Problem> Problems) ReadPassword(string path)
    {
        if (!SecretFile.TryReadPassword(path, out var password, out var warning, out var problem))
        {
            return Fail(problem);
        }

        if (warning is not null)
        {
            Log.Open(_logger, warning);
        }

        var octets = Encoding.UTF8.GetBytes(password);
        Array.Clear(password);
        return octets.Length <= BackendLogin.MaxPassword ? (octets, [])
            : Fail($"{path}: the password is longer than {BackendLogin.MaxPassword} octets");

        (byte[]? Content, IReadOnlyList<Problem> Problems) Fail(string text) =>
            (null, [new Problem(Severity.Error, new Origin(path), "", null, text, "write the password, and nothing else, into it")]);
    }

    private PreparedChange Prepare(GatewaySettings settings) =>
        _passwords.Prepare(settings.Backends.Select(static backend => backend.Master.PasswordFile).OfType<string>());

    private static partial class Log
    {
        [LoggerMessage(
            332, LogLevel.Error, "{Id}: no login by certificate at backend {Backend}: its master password in {File} cannot be read",
            EventName = "MasterPasswordMissing")]
        public static partial void NoPassword(ILogger logger, string id, string backend, string file);

        [LoggerMessage(
            333, LogLevel.Warning,
            "{Id}: user {User} cannot log in by certificate at backend {Backend}: the name is that of its master account{OrSeparator}",
            EventName = "MasterNameRefused")]
        public static partial void NoName(ILogger logger, string id, string user, string backend, string orSeparator);

        [LoggerMessage(335, LogLevel.Warning, "Master password: {Warning}", EventName = "MasterPasswordOpen")]
        public static partial void Open(ILogger logger, string warning);
    }
}
