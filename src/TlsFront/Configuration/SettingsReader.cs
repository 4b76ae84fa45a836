using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Turns configuration keys into settings, and everything that is wrong with them into problems.</summary>
internal static class SettingsReader
{
    /// <summary>Reads the whole configuration.</summary>
    /// <param name="root">File, environment and command line.</param>
    /// <param name="file">Path of the file: it names problems of the whole, and relative paths start from its folder.</param>
    /// <param name="problems">What was found before; receives the rest.</param>
    public static SettingsResult Read(IConfigurationRoot root, string file, ProblemList problems)
    {
        var scope = new SettingsScope(root, SettingsSchema.Root, problems, file);
        var hostName = scope.Read(SettingsSchema.HostName);
        var engine = scope.Read(SettingsSchema.Engine);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        var certificates = CertificateSettingsReader.Read(scope, CertificateSchema.Section, folder);
        var tls = scope.Section(TlsSchema.Section);
        var received = ReadReceived(scope.Section(ReceivedSchema.Section));
        var admission = AdmissionSettingsReader.Read(scope.Section(AdmissionSchema.Section), AdmissionSettings.Everybody, folder);
        var listeners = ListenerSettingsReader.Read(scope, TlsSettingsReader.Read(tls), received, admission, folder);
        var backends = BackendSettingsReader.Read(scope, folder);
        var ticketKeys = TlsSettingsReader.ReadTicketKeys(tls, folder, engine);
        var admin = scope.Section(AdminSchema.Section);
        var settings = new GatewaySettings
        {
            HostName = hostName,
            Engine = engine,
            Native = ReadNative(scope.Section(NativeSchema.Section), engine),
            Certificates = [.. certificates.Select(source => source.Value)],
            TicketKeys = [.. ticketKeys.Select(file => file.Value)],
            CertificateCheck = tls.Read(TlsSchema.CheckInterval),
            Listeners = [.. listeners.Select(draft => draft.Settings)],
            Received = received,
            Backends = [.. backends.Select(draft => draft.Settings)],
            Limits = ReadLimits(scope.Section(LimitSchema.Section)),
            Admin = AdminSettingsReader.Read(admin, folder),
            Drain = ReadDrain(scope.Section(DrainSchema.Section)),
            Timeouts = ReadTimeouts(scope.Section(TimeoutSchema.Section)),
            Log = ReadLog(scope.Section(LogSchema.Section)),
            Telemetry = ReadTelemetry(scope.Section(TelemetrySchema.Section)),
        };
        AddressRules.Check(listeners, admin, settings.Admin.Address);
        AddressRules.CheckLoops(listeners, backends);
        BackendRules.Check(listeners, backends);
        return new(problems.HasErrors ? null : settings, problems.ToList())
        {
            Certificates = certificates,
            Routes = [.. listeners.SelectMany(draft => draft.Routes)],
            TicketKeys = ticketKeys,
        };
    }

    private static ReceivedSettings ReadReceived(SettingsScope received) => new(received.Read(ReceivedSchema.Group), received.Read(ReceivedSchema.HidesClient));

    private static NativeSettings ReadNative(SettingsScope native, EngineChoice engine)
    {
        foreach (var setting in NativeSchema.Section.Settings.Where(setting => engine.IsManaged() && native.Has(setting)))
        {
            native.Warn(setting, new("has no effect: the managed engine runs", "remove it, or write engine: auto, on Linux"));
        }

        return new()
        {
            Loops = native.Read(NativeSchema.Loops),
            Buffer = native.Read(NativeSchema.Buffer),
            Backlog = native.Read(NativeSchema.Backlog),
            KeepAlive = native.Read(NativeSchema.KeepAlive),
            UserTimeout = native.Read(NativeSchema.UserTimeout),
            HandshakesPerTurn = native.Read(NativeSchema.HandshakesPerTurn),
        };
    }

    private static LimitSettings ReadLimits(SettingsScope limits) => new()
    {
        Connections = limits.Read(LimitSchema.Connections),
        ConnectionsPerClient = limits.Read(LimitSchema.ConnectionsPerClient),
        ConnectionRate = limits.Read(LimitSchema.ConnectionRate),
        HandshakeRate = limits.Read(LimitSchema.HandshakeRate),
        V4Prefix = limits.Read(LimitSchema.V4Prefix),
        V6Prefix = limits.Read(LimitSchema.V6Prefix),
        Exempt = NetworkSet.Of([.. limits.ReadList(LimitSchema.Exempt).Select(entry => entry.Value)]),
    };

    private static DrainSettings ReadDrain(SettingsScope drain) => new(drain.Read(DrainSchema.Delay), drain.Read(DrainSchema.Timeout));

    private static TimeoutSettings ReadTimeouts(SettingsScope timeouts) => new()
    {
        ProxyHeader = timeouts.Read(TimeoutSchema.ProxyHeader),
        Handshake = timeouts.Read(TimeoutSchema.Handshake),
        Connect = timeouts.Read(TimeoutSchema.Connect),
        Greeting = timeouts.Read(TimeoutSchema.Greeting),
        PreLogin = timeouts.Read(TimeoutSchema.PreLogin),
        Command = timeouts.Read(TimeoutSchema.Command),
        Reply = timeouts.Read(TimeoutSchema.Reply),
        Data = timeouts.Read(TimeoutSchema.Data),
        Relay = timeouts.Read(TimeoutSchema.Relay),
        Write = timeouts.Read(TimeoutSchema.Write),
        Linger = timeouts.Read(TimeoutSchema.Linger),
    };

    private static TelemetrySettings ReadTelemetry(SettingsScope telemetry) =>
        new(telemetry.Read(TelemetrySchema.OtlpEndpoint), telemetry.Section(TelemetrySchema.Traces).Read(TelemetrySchema.SampleRatio));

    private static LogSettings ReadLog(SettingsScope log) => new(log.Read(LogSchema.Format), log.Read(LogSchema.Level));
}
