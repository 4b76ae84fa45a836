using TlsFront.Configuration.Schema;

namespace TlsFront.Configuration;

/// <summary>Names what differs between two snapshots, as <c>--set</c> would, but with a listener's, route's or backend's name for its number.</summary>
internal static class SettingsDifference
{
    /// <summary>The differences; none if the two mean the same.</summary>
    public static IReadOnlyList<string> Between(GatewaySettings old, GatewaySettings now) =>
    [
        .. Differing("", (SettingsSchema.HostName, old.HostName == now.HostName), (SettingsSchema.Engine, old.Engine == now.Engine)),
        .. old.Certificates.SequenceEqual(now.Certificates) ? Array.Empty<string>() : [CertificateSchema.Section.Key],
        .. Entries(ListenerSchema.Section.Key, old.Listeners, now.Listeners, listener => listener.Name, Between),
        .. Differing(TlsSchema.Section.Key, (TlsSchema.TicketKeys, old.TicketKeys.SequenceEqual(now.TicketKeys)), (TlsSchema.CheckInterval, old.CertificateCheck == now.CertificateCheck)),
        .. Differing(ReceivedSchema.Section.Key,
            (ReceivedSchema.HidesClient, old.Received.HidesClient == now.Received.HidesClient),
            (ReceivedSchema.Group, old.Received.Group == now.Received.Group)),
        .. Entries(BackendSchema.Section.Key, old.Backends, now.Backends, backend => backend.Name, Between),
        .. Between(old.Limits, now.Limits),
        .. Differing(AdminSchema.Section.Key,
            (AdminSchema.Address, old.Admin.Address.Equals(now.Admin.Address)),
            (AdminSchema.HostNames, old.Admin.HostNames.SequenceEqual(now.Admin.HostNames)),
            (AdminSchema.Socket, old.Admin.Socket == now.Admin.Socket),
            (AdminSchema.SocketMode, old.Admin.SocketMode == now.Admin.SocketMode),
            (AdminSchema.TokenFile, old.Admin.TokenFile == now.Admin.TokenFile)),
        .. Differing(DrainSchema.Section.Key, (DrainSchema.Delay, old.Drain.Delay == now.Drain.Delay), (DrainSchema.Timeout, old.Drain.Timeout == now.Drain.Timeout)),
        .. Between(old.Timeouts, now.Timeouts),
        .. Between(old.Native, now.Native),
        .. Differing(LogSchema.Section.Key, (LogSchema.Format, old.Log.Format == now.Log.Format), (LogSchema.Level, old.Log.Level == now.Log.Level)),
        .. Differing(TelemetrySchema.Section.Key, (TelemetrySchema.OtlpEndpoint, old.Telemetry.OtlpEndpoint == now.Telemetry.OtlpEndpoint)),
        .. Differing($"{TelemetrySchema.Section.Key}.{TelemetrySchema.Traces.Key}", (TelemetrySchema.SampleRatio, old.Telemetry.SampleRatio == now.Telemetry.SampleRatio)),
    ];

    private static IEnumerable<string> Between(NativeSettings old, NativeSettings now) => Differing(NativeSchema.Section.Key,
        (NativeSchema.Loops, old.Loops == now.Loops),
        (NativeSchema.Buffer, old.Buffer == now.Buffer),
        (NativeSchema.Backlog, old.Backlog == now.Backlog),
        (NativeSchema.KeepAlive, old.KeepAlive == now.KeepAlive),
        (NativeSchema.UserTimeout, old.UserTimeout == now.UserTimeout),
        (NativeSchema.HandshakesPerTurn, old.HandshakesPerTurn == now.HandshakesPerTurn));

    private static IEnumerable<string> Between(string path, ListenerSettings old, ListenerSettings now) => Differing(path,
        (ListenerSchema.Address, old.Address.Equals(now.Address)),
        (ListenerSchema.Protocol, old.Protocol == now.Protocol),
        (ListenerSchema.Backend, old.Backend == now.Backend),
        (ListenerSchema.Authentication, old.Smtp.Authentication == now.Smtp.Authentication),
        (ListenerSchema.BareNewlines, old.Smtp.BareNewlines == now.Smtp.BareNewlines))
        .Concat(Differing($"{path}.{ProxyHeaderSchema.Section.Key}",
        (ProxyHeaderSchema.TrustedNetworks, Equals(old.ProxyProtocol?.TrustedNetworks, now.ProxyProtocol?.TrustedNetworks)),
        (ProxyHeaderSchema.RefusesOthers, old.ProxyProtocol?.RefusesOthers == now.ProxyProtocol?.RefusesOthers)))
        .Concat(Differing($"{path}.{AdmissionSchema.Section.Key}",
        (AdmissionSchema.Allow, old.Admission.Allow == now.Admission.Allow),
        (AdmissionSchema.Deny, old.Admission.Deny == now.Admission.Deny)))
        .Concat(Differing($"{path}.{TlsSchema.Section.Key}",
        (TlsSchema.MinimumVersion, old.Tls.MinimumVersion == now.Tls.MinimumVersion),
        (TlsSchema.Profile, old.Tls.Profile == now.Tls.Profile),
        (TlsSchema.UnknownName, old.Tls.UnknownName == now.Tls.UnknownName)))
        .Concat(Entries($"{path}.{RouteSchema.Section.Key}", old.Routes, now.Routes, route => route.Names[0], Between));

    private static IEnumerable<string> Between(string path, RouteSettings old, RouteSettings now) =>
    [
        .. Differing(path, (RouteSchema.Names, old.Names.SequenceEqual(now.Names)), (RouteSchema.Backend, old.Backend == now.Backend)),
        .. old.Certificates.SequenceEqual(now.Certificates) ? Array.Empty<string>() : [$"{path}.{CertificateSchema.RouteSection.Key}"],
        .. Differing($"{path}.{TlsSchema.RouteSection.Key}", (TlsSchema.MinimumVersion, old.Tls.MinimumVersion == now.Tls.MinimumVersion), (TlsSchema.Profile, old.Tls.Profile == now.Tls.Profile)),
    ];

    private static IEnumerable<string> Between(string path, BackendSettings old, BackendSettings now) => Differing(path,
        (BackendSchema.Kind, old.Kind == now.Kind),
        (BackendSchema.Destinations, old.Destinations.SequenceEqual(now.Destinations)),
        (BackendSchema.ProxyProtocol, old.ProxyProtocol == now.ProxyProtocol),
        (BackendSchema.LoadBalancing, old.LoadBalancing == now.LoadBalancing),
        (BackendSchema.ResolveEvery, old.ResolveEvery == now.ResolveEvery),
        (BackendSchema.SourceAddresses, old.SourceAddresses.SequenceEqual(now.SourceAddresses)),
        (BackendSchema.MaxSessions, old.MaxSessions == now.MaxSessions))
        .Concat(Differing($"{path}.{QueueSchema.Section.Key}",
        (QueueSchema.Length, old.Queue.Length == now.Queue.Length),
        (QueueSchema.Timeout, old.Queue.Timeout == now.Queue.Timeout)))
        .Concat(Differing($"{path}.{BackendTlsSchema.Section.Key}",
        (BackendTlsSchema.Mode, old.Tls.Mode == now.Tls.Mode),
        (BackendTlsSchema.Authorities, old.Tls.Authorities == now.Tls.Authorities),
        (BackendTlsSchema.CertificateName, old.Tls.CertificateName == now.Tls.CertificateName),
        (BackendTlsSchema.Verify, old.Tls.Verify == now.Tls.Verify)))
        .Concat(Differing($"{path}.{HealthSchema.Section.Key}",
        (HealthSchema.Interval, old.Health.Interval == now.Health.Interval),
        (HealthSchema.Timeout, old.Health.Timeout == now.Health.Timeout),
        (HealthSchema.UnhealthyAfter, old.Health.UnhealthyAfter == now.Health.UnhealthyAfter),
        (HealthSchema.HealthyAfter, old.Health.HealthyAfter == now.Health.HealthyAfter),
        (HealthSchema.EjectFor, old.Health.EjectFor == now.Health.EjectFor)));

    private static IEnumerable<string> Between(LimitSettings old, LimitSettings now) => Differing(LimitSchema.Section.Key,
        (LimitSchema.Connections, old.Connections == now.Connections),
        (LimitSchema.ConnectionsPerClient, old.ConnectionsPerClient == now.ConnectionsPerClient),
        (LimitSchema.ConnectionRate, old.ConnectionRate == now.ConnectionRate),
        (LimitSchema.HandshakeRate, old.HandshakeRate == now.HandshakeRate),
        (LimitSchema.V4Prefix, old.V4Prefix == now.V4Prefix),
        (LimitSchema.V6Prefix, old.V6Prefix == now.V6Prefix),
        (LimitSchema.Exempt, old.Exempt.Equals(now.Exempt)));

    private static IEnumerable<string> Between(TimeoutSettings old, TimeoutSettings now) => Differing(TimeoutSchema.Section.Key,
        (TimeoutSchema.ProxyHeader, old.ProxyHeader == now.ProxyHeader),
        (TimeoutSchema.Handshake, old.Handshake == now.Handshake),
        (TimeoutSchema.Connect, old.Connect == now.Connect),
        (TimeoutSchema.Greeting, old.Greeting == now.Greeting),
        (TimeoutSchema.PreLogin, old.PreLogin == now.PreLogin),
        (TimeoutSchema.Command, old.Command == now.Command),
        (TimeoutSchema.Reply, old.Reply == now.Reply),
        (TimeoutSchema.Data, old.Data == now.Data),
        (TimeoutSchema.Relay, old.Relay == now.Relay),
        (TimeoutSchema.Write, old.Write == now.Write),
        (TimeoutSchema.Linger, old.Linger == now.Linger));

    private static IEnumerable<string> Entries<T>(
        string parent,
        IReadOnlyList<T> old,
        IReadOnlyList<T> now,
        Func<T, string> nameOf,
        Func<string, T, T, IEnumerable<string>> between)
    {
        var before = old.ToDictionary(nameOf);
        var after = now.ToDictionary(nameOf);
        foreach (var name in before.Keys.Union(after.Keys))
        {
            var path = $"{parent}.{name}";
            if (!after.TryGetValue(name, out var next))
            {
                yield return $"{path} (removed)";
            }
            else if (!before.TryGetValue(name, out var previous))
            {
                yield return $"{path} (added)";
            }
            else
            {
                foreach (var difference in between(path, previous, next))
                {
                    yield return difference;
                }
            }
        }
    }

    private static IEnumerable<string> Differing(string path, params (Setting Setting, bool IsSame)[] members) =>
        from member in members
        where !member.IsSame
        select path.Length == 0 ? member.Setting.Key : $"{path}.{member.Setting.Key}";
}
