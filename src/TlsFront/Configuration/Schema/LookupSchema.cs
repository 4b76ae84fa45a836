using TlsFront.Configuration.Reading;

namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners[].lookup</c>.</summary>
internal static class LookupSchema
{
    public static readonly Setting<LookupSettings, Uri?> Url = new("url", new EndpointUriType("http://127.0.0.1:8080/auth")!,
        static lookup => lookup.Url, static (lookup, value) => lookup with { Url = value },
        "Asked where a user belongs whom neither `userMap` nor `routes[].users` names, unless the answer is remembered (`cache`). "
        + "Makes the listener hold logins. Not for `tcp`.")
    { DefaultWords = "nobody is asked" };

    public static readonly Setting<LookupSettings, string?> Authorities = new("ca", new PathType("file")!,
        static lookup => lookup.Authorities, static (lookup, value) => lookup with { Authorities = value },
        "A PEM file with the authorities the service's certificate may be of. Relative to the folder of the configuration file; "
        + "read again when it changes.")
    { DefaultWords = "the system's" };

    public static readonly Setting<LookupSettings, bool> SendsPassword = new("sendPassword", new ChoiceType<bool>(("on", true), ("off", false)),
        static lookup => lookup.SendsPassword, static (lookup, value) => lookup with { SendsPassword = value },
        "`on`: the service gets the password as well (`Auth-Pass`), and its answers are not remembered. "
        + "Only over `https://` or to this machine itself.");

    public static readonly Setting<LookupSettings, string?> HeadersFile = new("headersFile", new PathType("file")!,
        static lookup => lookup.HeadersFile, static (lookup, value) => lookup with { HeadersFile = value },
        "A file with headers for each request, such as an API key (nginx's `auth_http_header`): one `Name: value` per line, at most 16 and 8 KiB; "
        + "`#` starts a comment line. Relative to the folder of the configuration file; read again when it changes.")
    { DefaultWords = "none" };

    public static readonly SettingList<LookupSettings, string> Backends = new("backends", new NameType(),
        static lookup => lookup.Backends, static (lookup, values) => lookup with { Backends = values },
        "Names of the backends whose destinations the service may answer with, beside those of the listener, its routes and its user map. "
        + "No login goes to any other address.")
    { DefaultWords = "no others", Unique = StringComparer.Ordinal };

    public static readonly Setting<LookupCacheSettings, TimeSpan> Hits = new("hits", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        static cache => cache.Hits, static (cache, value) => cache with { Hits = value },
        "How long it is remembered where a user goes; `0` asks with every login.");

    public static readonly Setting<LookupCacheSettings, TimeSpan> Misses = new("misses", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(1)),
        static cache => cache.Misses, static (cache, value) => cache with { Misses = value },
        "How long it is remembered that a user was refused. Failures are not remembered.");

    public static readonly Setting<LookupCacheSettings, int> Entries = new("entries", new CountType(1, 1_000_000),
        static cache => cache.Entries, static (cache, value) => cache with { Entries = value },
        "Most answers of each kind that are remembered; the oldest go first.");

    public static readonly SettingsSection<LookupCacheSettings> CacheSection = new("cache",
        "Answers that are remembered, by user. None is while `sendPassword` is on.", new(), Hits, Misses, Entries);

    public static readonly SettingsSection<LookupSettings> Section = new("lookup",
        "A service that is asked over HTTP where a user's sessions go, with the headers of nginx's `auth_http`.", LookupSettings.None,
        Url, Authorities, HeadersFile, SendsPassword,
        new Setting<LookupSettings, TimeSpan>("timeout", new DurationType(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            static lookup => lookup.Timeout, static (lookup, value) => lookup with { Timeout = value },
            "How long one request may take."),
        new Setting<LookupSettings, LookupFallback>("onFailure",
            new ChoiceType<LookupFallback>(("refuse", LookupFallback.Refuse), ("default", LookupFallback.Default)),
            static lookup => lookup.OnFailure, static (lookup, value) => lookup with { OnFailure = value },
            "What becomes of a login when the service does not answer, or says nothing usable: `refuse` tells the client that the mail server is "
            + "not available, `default` sends the user to the backend of the server name's route, or of the listener."),
        Backends,
        new SettingsGroup<LookupSettings, LookupCacheSettings>(CacheSection,
            static lookup => lookup.Cache, static (lookup, value) => lookup with { Cache = value }))
    { Check = CheckUrl };

    private static void CheckUrl(SettingsScope scope, LookupSettings lookup)
    {
        if (lookup.Url is not { } url)
        {
            foreach (var setting in Section.Settings.Where(setting => setting != Url && scope.Has(setting)))
            {
                scope.Fail(setting, new("has no meaning without url", "name the service in url, or remove it"));
            }

            return;
        }

        var cache = scope.Section(CacheSection);
        if (url.UserInfo.Length > 0)
        {
            scope.Fail(Url, new("holds a user name, which is not sent", "remove what stands before the @"));
        }

        if (url.Scheme == Uri.UriSchemeHttp)
        {
            scope.WarnUseless("the service is asked over http", "remove it, or write https:// in url", Authorities);
            if (lookup.SendsPassword && !url.IsLoopback)
            {
                scope.Fail(SendsPassword, new(
                    "SENDS PASSWORDS IN CLEAR: the service is on another machine and asked over http",
                    "write https:// in url, or turn sendPassword off"));
            }

            if (lookup.HeadersFile is not null && !url.IsLoopback)
            {
                scope.Warn(HeadersFile, new(
                    "goes in clear: the service is on another machine and asked over http",
                    "write https:// in url if it holds a secret"));
            }
        }
        else if (lookup.Authorities is { } path && !AuthorityFile.TryRead(path, out _, out var problem))
        {
            scope.Fail(Authorities, problem);
        }

        if (lookup.HeadersFile is { } file)
        {
            var (_, mistakes, warning) = HeaderFile.Read(file);
            if (mistakes is [var mistake, ..])
            {
                scope.Fail(HeadersFile, new(mistake.Message, mistake.Remedy));
            }
            else if (warning is not null)
            {
                scope.Warn(HeadersFile, new("is not kept secret", warning));
            }
        }

        if (!lookup.RemembersAnswers)
        {
            cache.WarnUseless("answers that depend on a password are not remembered", "remove it, or turn sendPassword off", Hits, Misses, Entries);
        }
    }
}
