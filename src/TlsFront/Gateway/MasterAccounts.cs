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
        _passwords = new(ReadPassword, Report);
        Prepare(settings.Current).Commit();
        _subscription = settings.Subscribe("master passwords", (_, now) => Prepare(now));
    }

    public IEnumerable<FileState> Files => _passwords.States;

    /// <summary>
    /// Prepares what <paramref name="backend"/> gets in place of the client's login, if anything; false if that cannot be had. A backend without such
    /// an account gets the client's own words, and the certificate's name in the PROXY header.
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
        if (_passwords.Get(file).Content is not { } password)
        {
            Log.NoPassword(_logger, facts.Id, backend.Name, file);
            return false;
        }

        if (separator is not null && user.Contains(separator, StringComparison.Ordinal))
        {
            // To the backend it would be somebody else's name.
            Log.SeparatorInName(_logger, facts.Id, user, separator, backend.Name);
            return false;
        }

        facts.BackendLogin = separator is null ? new(user, master, password) : new(null, user + separator + master, password);
        return true;
    }

    public void Refresh() => _passwords.Refresh();

    public void Dispose() => _subscription.Dispose();

    private static (byte[]? Content, IReadOnlyList<Problem> Problems) ReadPassword(string path)
    {
        if (!SecretFile.TryReadPassword(path, out var password, out _, out var problem))
        {
            return Fail(problem);
        }

        var octets = Encoding.UTF8.GetBytes(password);
        Array.Clear(password);
        return octets.Length <= BackendLogin.MaxPassword ? (octets, [])
            : Fail($"{path}: the password is longer than {BackendLogin.MaxPassword} octets");

        (byte[]? Content, IReadOnlyList<Problem> Problems) Fail(string text) =>
            (null, [new Problem(Severity.Error, new Origin(path), "", null, text, "write the password into its first line")]);
    }

    private PreparedChange Prepare(GatewaySettings settings) =>
        _passwords.Prepare(settings.Backends.Select(static backend => backend.Master.PasswordFile).OfType<string>());

    private void Report(WatchedFile<byte[]> file)
    {
        if (file.Problems.Count == 0)
        {
            Log.Read(_logger, file.Path);
        }
        else
        {
            Log.Kept(_logger, file.Problems[0].Subject);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(330, LogLevel.Information, "Master password read again from {Path}", EventName = "MasterPasswordRead")]
        public static partial void Read(ILogger logger, string path);

        [LoggerMessage(
            331, LogLevel.Error, "Master password not read again, keeping the previous one until the file is fixed: {Problem}",
            EventName = "MasterPasswordKept")]
        public static partial void Kept(ILogger logger, string problem);

        [LoggerMessage(
            332, LogLevel.Error, "{Id}: no login by certificate at backend {Backend}: its master password in {File} cannot be read",
            EventName = "MasterPasswordMissing")]
        public static partial void NoPassword(ILogger logger, string id, string backend, string file);

        [LoggerMessage(
            333, LogLevel.Warning,
            "{Id}: user {User} cannot log in by certificate: the name holds \"{Separator}\", the master separator of backend {Backend}",
            EventName = "MasterSeparatorInName")]
        public static partial void SeparatorInName(ILogger logger, string id, string user, string separator, string backend);
    }
}
