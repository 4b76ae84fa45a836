namespace TlsFront.Configuration.Schema;

/// <summary><c>listeners[].routes</c>.</summary>
internal static class RouteSchema
{
    public static readonly SettingList<string> Names = new("names", new RouteNameType(),
        "Server names (SNI) the route is for, each once in a listener. `*.` stands for one label; the name itself goes before it. A client that asks for any other name, or for none, gets what the listener has.")
    { IsRequired = true };

    public static readonly Setting<string?> Backend = new("backend", new NameType()!,
        "Name of the backend their sessions go to.")
    { DefaultWords = "that of the listener" };

    public static readonly SettingsSection Section = new("routes", "Where clients go, and under which terms, by the server name they ask for.",
        Names, Backend, CertificateSchema.RouteSection, TlsSchema.RouteSection)
    { IsList = true };
}
