namespace TlsFront.Benchmarks.Compare.Proxies;

/// <summary>HAProxy, relaying octets: the measure of all others.</summary>
/// <param name="program">Path of the build.</param>
internal sealed class HaProxy(string program) : Proxy
{
    /// <inheritdoc/>
    public override string Name => "HAProxy";

    /// <inheritdoc/>
    public override string Version => VersionOf(program, "-v");

    /// <inheritdoc/>
    public override bool Serves(Route route) => route is not (Route.SmtpHeld or Route.ImapHeld or Route.ImapStartTls);

    /// <inheritdoc/>
    protected override IEnumerable<string[]> Commands(Lab lab, Cores cores, string folder, IReadOnlyDictionary<Route, int> ports)
    {
        var routes = ports.Select(port => $"""
            listen {port.Key}
                bind 127.0.0.1:{port.Value} ssl crt {lab.CertificateOf(port.Key).BundleFile} backlog 4096
                server backend 127.0.0.1:{lab.Backends.PortOf(port.Key)}
            """);
        var configuration = Write(folder, "haproxy.cfg", $"""
            global
                nbthread {cores.Workers}
                maxconn {lab.MaxSessions}
                ssl-default-bind-options ssl-min-ver TLSv1.2
            defaults
                mode tcp
                maxconn {lab.MaxSessions}
                timeout connect 10s
                timeout client 1h
                timeout server 1h
            {string.Join('\n', routes)}

            """);
        yield return [program, "-db", "-f", configuration];
    }
}
