namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners[].routes</c>. Which of names and users must be there is a rule between them, for those who read the list.</summary>
internal static class RouteSchema
{
    public static readonly SettingList<RouteSettings, string> Names = new("names", new RouteNameType(),
        static route => route.Names, static (route, values) => route with { Names = values },
        "Server names (SNI) the route is for, each in one route without `users`. `*.` stands for one label; the name itself goes before it. "
        + "A client that asks for any other name, or for none, gets what the listener has.")
    { DefaultWords = "required without `users`" };

    public static readonly SettingList<RouteSettings, string> Users = new("users", new UserPatternType(),
        static route => route.Users, static (route, values) => route with { Users = values },
        "Users the route applies to, as they log in; case is ignored. With `names`, only if the client also asks for one of them. `*@example.org` "
        + "stands for all users of the domain, `*` for everybody. Cannot be combined with `tls` or `certificates`, because the handshake comes "
        + "before the login. Makes the listener hold logins. Not for `tcp`.")
    { DefaultWords = "required without `names`" };

    public static readonly Setting<RouteSettings, string> Backend = new("backend", new NameType(),
        static route => route.Backend, static (route, value) => route with { Backend = value },
        "Name of the backend their sessions go to.")
    { DefaultWords = "that of the listener" };

    public static readonly SettingsSection<RouteSettings> Section = new("routes",
        "Where clients go, and under which terms, by the server name they ask for or the user they log in as.",
        new() { Backend = null!, Tls = new() },
        Names, Users, Backend,
        new SettingsItems<RouteSettings, CertificateSettings>(CertificateSchema.RouteSection, static route => route.Certificates),
        new SettingsGroup<RouteSettings, TlsSettings>(TlsSchema.RouteSection,
            static route => route.Tls, static (route, value) => route with { Tls = value }))
    { IsList = true };

    /// <summary>By what a route is told from the others of its listener, in reports; the rules between routes let no two have the same.</summary>
    public static string NameOf(RouteSettings route) =>
        string.Join(',', route.Names.Take(1).Concat(route.Users.Take(1).Select(static user => $"users={user}")));
}
